#!/usr/bin/env python3
"""Who may include whom. Every #include "…" of the project names a file from the top; this holds each against the table."""
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]

# room -> rooms it may know (besides itself). The kernel rooms never know one another.
SIM = {
    "sim/base": [],
    "sim/experiment": ["sim/base"],
    "sim/trace": ["sim/base"],
    "sim/model": ["sim/base", "sim/experiment"],
    "sim/sandbox": ["sim/base"],
    "sim/firewall": ["sim/base", "sim/trace"],
    "sim/diag": ["sim/base", "sim/trace"],
    "sim/capture": ["sim/base", "sim/trace"],
    "sim/hold": ["sim/base", "sim/trace"],
    "sim/tracer": ["sim/base", "sim/trace"],
}
SIM["sim/lab"] = list(SIM)
LESSONS = {"lessons/engine": [*SIM], "lessons/check": [*SIM, "lessons/engine"], "lessons/game": [*SIM, "lessons/engine"], "lessons/cases": [*SIM, "lessons/engine"]}
ALL_BELOW = [*SIM, *LESSONS]
APP = {
    "app/cli": [*ALL_BELOW, "app/prose", "app/views", "app/shell"],  # of the views only what stands behind the screen (program.hpp)
    "app/prose": [],
    "app/emulator": [],
    "app/notation": ["sim/base", "sim/experiment", "sim/trace"],
    "app/widgets": ["sim/base", "app/prose"],
    "app/views": [*ALL_BELOW, "app/emulator", "app/prose", "app/notation", "app/widgets"],
    "app/controller": [*ALL_BELOW, "app/emulator", "app/views"],
    "app/shell": [*ALL_BELOW, "app/widgets", "app/views", "app/controller"],
    "app": [*ALL_BELOW, "app/cli", "app/shell", "app/controller"],
}
RULES = {**SIM, **LESSONS, **APP}

# Headers of libraries, and the only rooms that may name them.
LIBRARIES = {
    r"imgui": ["app/widgets", "app/shell"],
    r"GLFW/|glad/|GL/|EGL/": ["app/shell"],
    r"pcap": ["sim/capture"],
    r"libnetfilter_queue|linux/netfilter": ["sim/hold", "sim/firewall"],
    r"libmnl/": ["sim/diag", "sim/hold", "sim/firewall", "sim/sandbox"],
    r"CLI/": ["app/cli"],
    r"vterm": ["app/emulator"],
    r"md4c": ["app/prose", "lessons/engine"],
    r"nlohmann/": ["sim/trace", "sim/lab", "lessons/engine", "app/cli"],
    r"toml": ["app/shell", "app/controller", "lessons/engine"],
}


def room_of(path):
    """The longest room that contains the path, or None."""
    inside = [room for room in RULES if path.startswith(room + "/")]
    return max(inside, key=len) if inside else None


def problems_of(file):
    name = file.relative_to(TOP).as_posix()
    room = room_of(name)
    if room is None:
        yield f"{name}: in no room that the table of include rules knows"
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not found:
            continue
        quote, target = found.groups()
        other = room_of(target)
        if quote == '"' and other is None:
            yield f'{name}:{number}: "{target}": include by the path from the top, or a library with <>'
        elif other is not None and other != room and other not in RULES[room]:
            yield f"{name}:{number}: {room} may not know {other}"
        if other is None:
            for pattern, allowed in LIBRARIES.items():
                if re.match(pattern, target) and room not in allowed:
                    yield f"{name}:{number}: <{target}> may only be named in {', '.join(allowed)}"


def main():
    files = [f for top in ("sim", "lessons", "app") for f in sorted((TOP / top).rglob("*")) if f.suffix in (".cpp", ".hpp")]
    problems = [problem for file in files for problem in problems_of(file)]
    print("\n".join(problems) or f"include rules: {len(files)} files, all as they should be")
    return 1 if problems or not files else 0


sys.exit(main())
