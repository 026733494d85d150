// Tests of Actions.
