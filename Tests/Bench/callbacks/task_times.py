"""A line per task for `modules`: when it began, its name and how it ended, as ansible-playbook sees it. The file is TASK_TIMES."""

import os
import time

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_times"

    def __init__(self):
        super().__init__()
        self.file = open(os.environ["TASK_TIMES"], "w")
        self.began = None

    def v2_playbook_on_task_start(self, task, is_conditional):
        self.began = time.time()

    def note(self, result, status):
        print(f"{self.began:.6f}", result._task.name, status, sep="\t", file=self.file)

    def v2_runner_on_ok(self, result):
        self.note(result, "changed" if result._result.get("changed") else "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.note(result, "failed")

    def v2_runner_on_skipped(self, result):
        self.note(result, "skipped")

    def v2_playbook_on_stats(self, stats):
        print(f"{time.time():.6f}", "end", "ok", sep="\t", file=self.file)
