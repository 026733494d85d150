// Actions are tasks that run, wholly or partly, on the controller.
