#!/usr/bin/env python3
"""Each case of tests/conformance/surprises is on its page, and each case on the page exists."""
import pathlib
import re
import sys

folder = pathlib.Path(__file__).resolve().parents[1] / "conformance" / "surprises"
page = (folder / "README.md").read_text()
named = set(re.findall(r"^\| `([\w-]+\.lab)`", page, re.MULTILINE))
there = {path.name for path in folder.glob("*.lab")}
wrong = [f"{name}: not on the page" for name in sorted(there - named)]
wrong += [f"{name}: on the page, but there is no such case" for name in sorted(named - there)]
for words in wrong:
    print(words)
print(f"{len(there)} surprises")
sys.exit(1 if wrong or len(there) < 15 else 0)
