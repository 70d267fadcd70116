"""Headless Chromium: the picture of a page, and what the browser says about the page."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

WIDE, PHONE = (1280, 1600), (390, 1600)
# A window of Chromium is at least so wide; a narrower page is a frame in it.
_LEAST = 500
# Added to a copy of the page: tells the page of the window what the browser finds.
_SCRIPT = """\
<script>addEventListener("load", () => {
  const style = getComputedStyle(document.body);
  const seen = [...document.querySelectorAll("*")].filter(one => one.checkVisibility());
  parent.postMessage({
    width: innerWidth, needed: document.documentElement.scrollWidth,
    background: style.backgroundColor, colour: style.color,
    text: document.body.innerText,
    small: seen.filter(one => parseFloat(getComputedStyle(one).fontSize) < 9).length
  }, "*");
});</script>
"""
_WINDOW = """<!doctype html><html><head><meta name="color-scheme" content="light dark">
<script>addEventListener("message", event => {{
  document.documentElement.dataset.facts = JSON.stringify(event.data);
}});</script></head>
<body style="margin: 0">
<iframe src="{page}" style="width: {width}px; height: {height}px; border: 0"></iframe>
</body></html>
"""
# The pages of commands forbid scripts.
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_FACTS = re.compile(r'data-facts="([^"]*)"')
_CHANNELS = re.compile(r"[\d.]+")


@dataclass(frozen=True)
class View:
    """How a page is looked at: the size of the window in pixels, and the colours that the user prefers."""

    name: str
    size: tuple[int, int]
    dark: bool = False


VIEWS = (View("light", WIDE), View("dark", WIDE, dark=True), View("phone", PHONE))


@dataclass(frozen=True)
class Facts:
    """What the browser says: widths in pixels, the colours of the body, its visible text."""

    width: int
    needed: int
    background: str
    colour: str
    text: str
    small: int

    @property
    def contrast(self) -> float:
        """Return the contrast of text and background as WCAG defines it, from 1 to 21."""
        light, dark = sorted((_luminance(self.background), _luminance(self.colour)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    @property
    def is_dark(self) -> bool:
        """Return whether the background is darker than the text."""
        return _luminance(self.background) < _luminance(self.colour)


def look(page: Path, view: View, picture: Path) -> Facts:
    """Write the picture of a page, and return what the browser says about a copy of it."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    copy = page.with_name(f"{page.stem}-{view.name}-copy.html")
    window = page.with_name(f"{page.stem}-{view.name}-window.html")
    text = _POLICY.sub("", page.read_text("utf-8"), count=1)
    copy.write_text(text.replace("</head>", f"{_SCRIPT}</head>", 1), "utf-8")
    width, height = view.size
    window.write_text(_WINDOW.format(page=copy.name, width=width, height=height), "utf-8")
    try:
        dump = _run(window, view, "--dump-dom", "--virtual-time-budget=5000")
        _run(window, view, f"--screenshot={picture}")
    finally:
        window.unlink()
        copy.unlink()
    found = _FACTS.search(dump)
    assert found, dump[:1000]
    size = struct.unpack(">II", picture.read_bytes()[16:24])
    assert size == (max(width, _LEAST), height)
    return Facts(**json.loads(unescape(found[1])))


def _run(page: Path, view: View, *what: str) -> str:
    program = shutil.which("chromium")
    assert program, "install chromium"
    width, height = view.size
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options += [f"--window-size={max(width, _LEAST)},{height}", *what]
    if view.dark:
        options.append("--blink-settings=preferredColorScheme=0")
    done = subprocess.run(
        [program, *options, page.as_uri()], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


def _luminance(colour: str) -> float:
    channels = [float(one) / 255 for one in _CHANNELS.findall(colour)[:3]]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
