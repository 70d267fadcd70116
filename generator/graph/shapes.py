"""The shapes of a picture, and estimates of the width of texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate

from generator.errors import one_line

Point = tuple[float, float]
# The classes of bold texts, and how much wider these are.
BOLD_STYLES, BOLD = ("text strong", "note"), 1.13
# The widths of characters in sans-serif fonts, as parts of the font size, rounded up.
_NARROW = frozenset("iljtfrI.,:;'|! -`()[]{}/")
_WIDE = frozenset("mwMW@%")


@dataclass(frozen=True)
class Box:
    """A rectangle; `style` is its class."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: str = ""

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.height

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles overlap."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True)
class Label:
    """A text; `y` is its base line, `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    style: str
    size: int = 14
    anchor: str = "start"
    title: str = ""

    @property
    def area(self) -> Box:
        """Return the space that the text needs."""
        width = width_of(self.text, self.size) * (BOLD if self.style.startswith(BOLD_STYLES) else 1)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return Box(left, self.y - self.size * 0.8, width, self.size, "")


@dataclass(frozen=True)
class Stroke:
    """A line through points, with an arrow head at its end if `head`."""

    points: tuple[Point, ...]
    style: str
    head: bool = True


@dataclass(frozen=True)
class Badge:
    """A number in a circle around a point."""

    x: float
    y: float
    text: str
    style: str


Shape = Box | Label | Stroke | Badge
RADIUS = 10


@dataclass(frozen=True)
class Picture:
    """A picture: shapes in the order in which they are drawn."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Return the texts."""
        return tuple(shape for shape in self.shapes if isinstance(shape, Label))


def width_of(text: str, size: float) -> float:
    """Return an upper estimate of the width of a text."""
    return sum(map(_part, text)) * size


@cache
def _part(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.4
    return 0.98 if character in _WIDE else 0.7 if character.isupper() else 0.63


def fitted(text: str, width: float, size: float) -> str:
    """Return a text in one line, shortened in its middle to fit into a width."""
    text = one_line(text)
    if width_of(text, size) <= width:
        return text
    kept = len(text) - 1
    while kept > 1 and width_of(_shortened(text, kept), size) > width:
        kept -= 1
    return _shortened(text, kept)


def _shortened(text: str, kept: int) -> str:
    head = (kept + 1) // 2
    return f"{text[:head]}…{text[len(text) - (kept - head) :]}"


def wrapped(text: str, width: float, size: float) -> Iterator[str]:
    """Yield the lines of a text; a word that is longer than a line is broken."""
    line = ""
    for word in one_line(text).split(" "):
        joined = f"{line} {word}" if line else word
        if width_of(joined, size) <= width:
            line = joined
            continue
        if line:
            yield line
        while width_of(word, size) > width:
            cut = _cut(word, width, size)
            yield word[:cut]
            word = word[cut:]
        line = word
    yield line


def _cut(word: str, width: float, size: float) -> int:
    """Return how many characters of a word fit into a width, at least one."""
    ends = accumulate(_part(character) * size for character in word)
    return max(1, sum(end <= width for end in ends))
