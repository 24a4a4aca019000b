#!/usr/bin/env python3
"""tests/conformance/NOT-MODELLED.md lists every reason with which the model declines. --write makes it anew."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
page = root / "tests" / "conformance" / "NOT-MODELLED.md"
declines = re.compile(r"(?:not_modelled\(|\bdoubt = |\bbeyond = |\btrouble =\s|_doubt =\s)(.*?);", re.DOTALL)


def reason_of(code):
    """The literals, joined; what is filled in between them becomes …"""
    words = ""
    for at, part in enumerate(re.split(r'"((?:[^"\\]|\\.)*)"', code)):
        if at % 2 == 1:
            words += part
        elif "+" in part and words and not words.endswith("…"):
            words += "…"
    return re.sub(r"\s+", " ", words).strip()


reasons = set()
for source in sorted((root / "sim" / "model").glob("*.[ch]pp")):
    for match in declines.finditer(source.read_text()):
        reason = reason_of(match.group(1))
        if len(reason) > 20:
            reasons.add(f"- {reason} (`{source.name}`)")

text = """# What the model does not cover

Where Linux's answer hangs on something that the model does not follow, it answers `not modelled` and gives one of these reasons; it does
not guess. (… stands for a name.) This page is made from the sources by `tests/house/not_modelled_page.py --write`.

""" + "\n".join(sorted(reasons)) + "\n"

if "--write" in sys.argv:
    page.write_text(text)
elif page.read_text() != text:
    print("tests/conformance/NOT-MODELLED.md is not what the sources say: tests/house/not_modelled_page.py --write")
    sys.exit(1)
print(f"{len(reasons)} reasons")
