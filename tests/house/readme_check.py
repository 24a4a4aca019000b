#!/usr/bin/env python3
"""What README.md and CONTRIBUTING.md tell people to type exists: ./dev commands, loopscope commands, files and pictures."""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]


def problems(document, dev_help, program_help):
    text = (TOP / document).read_text(encoding="utf-8")
    for command in sorted(set(re.findall(r"\./dev ([a-z]+)", text))):
        if f"./dev {command}" not in dev_help:
            yield f"{document}: './dev {command}' is no command of ./dev"
    for command in sorted(set(re.findall(r"^\s*(?:\$ )?(?:build/)?loopscope ([a-z]+)", text, re.M))):
        if not re.search(rf"^\s*{command}\b", program_help, re.M):
            yield f"{document}: 'loopscope {command}' is no command of the program"
    for target in sorted(set(re.findall(r"\]\(([^)#:]+)\)", text))):
        if not (TOP / target).exists():
            yield f"{document}: {target} does not exist"


def main(program):
    dev_help = subprocess.run([TOP / "dev", "help"], capture_output=True, text=True, check=True).stdout
    program_help = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    found = [p for document in ("README.md", "CONTRIBUTING.md") for p in problems(document, dev_help, program_help)]
    print("\n".join(found) or "README and CONTRIBUTING: every command and file in them exists")
    return 1 if found else 0


sys.exit(main(sys.argv[1]))
