"""Python's Jinja2 on the workloads of a folder: nanoseconds of processor time per rendering, and a checksum of the output."""
import hashlib
import json
import sys
import time

from jinja2 import Environment


def measure(name, render, seconds=1.0):
    output = render()
    count, start = 0, time.process_time()
    while (elapsed := time.process_time() - start) < seconds:
        render()
        count += 1
    print(name, int(elapsed / count * 1e9), hashlib.sha256(output.encode()).hexdigest()[:12])


def main(folder):
    environment = Environment(trim_blocks=True, keep_trailing_newline=True)
    with open(f"{folder}/context.json") as file:
        context = json.load(file)
    for name in ("configuration", "loop", "macros"):
        with open(f"{folder}/{name}.j2") as file:
            template = environment.from_string(file.read())
        measure(name, lambda: template.render(context))
    with open(f"{folder}/expressions.txt") as file:
        expressions = [environment.compile_expression(line.rstrip("\n")) for line in file]
    measure("expressions", lambda: "\n".join(str(expression(**context)) for expression in expressions))


main(sys.argv[1])
