// What tests share: scratch folders, marked text, golden files.
