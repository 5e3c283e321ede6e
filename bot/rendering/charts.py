"""Charts as PNG; only ever loaded in a child process: matplotlib costs 1.7 s and 60 MB that no desk should keep."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

INK, MUTED, OPENED, RESOLVED = "#1d2330", "#6b7385", "#0b5cad", "#5aa469"


def trend(days: Sequence[str], opened: Sequence[int], resolved: Sequence[int]) -> bytes:
    """Opened and resolved tickets a day, as paired bars. days: labels, oldest first."""
    figure = Figure(figsize=(7.2, 3.0), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    places = range(len(days))
    axes.bar([place - 0.2 for place in places], opened, width=0.4, color=OPENED, label="opened")
    axes.bar([place + 0.2 for place in places], resolved, width=0.4, color=RESOLVED, label="resolved")
    axes.set_xticks(list(places), list(days), fontsize=8, color=MUTED)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(0, max([*opened, *resolved, 1]) * 1.15)
    _plain(axes)
    axes.set_title("Tickets a day", loc="left", fontsize=11, color=INK)
    axes.legend(loc="upper right", fontsize=8, frameon=False, ncols=2, bbox_to_anchor=(1, 1.14))
    return _png(figure)


def health(asked: Mapping[str, Any]) -> bytes:
    """A flat plan's months: hours, reactive and proactive on top of one another, and above them the rate an hour."""
    figure = Figure(figsize=(7.2, 4.4), dpi=150, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1.6))
    places = list(range(len(asked["months"])))
    below.bar(places, asked["reactive"], width=0.62, color=OPENED, label="reactive")
    below.bar(places, asked["proactive"], width=0.62, bottom=asked["reactive"], color=RESOLVED, label="proactive")
    below.set_xticks(places, asked["months"], fontsize=8, color=MUTED)
    below.set_ylabel("hours", fontsize=8, color=MUTED)
    below.set_ylim(0, max(sum(pair) for pair in zip(asked["reactive"], asked["proactive"], strict=True)) * 1.2 or 1)
    below.legend(loc="upper right", fontsize=8, frameon=False, ncols=2)
    # A month without work has no rate: the line is broken there.
    rates = [float("nan") if rate is None else rate for rate in asked["rates"]]
    above.plot(places, rates, color=INK, marker="o", markersize=4, lw=1.4)
    above.set_ylabel(f"{asked['currency']} an hour", fontsize=8, color=MUTED)
    above.set_ylim(0, max([rate for rate in asked["rates"] if rate is not None] or [1]) * 1.25)
    above.set_title(asked["title"], loc="left", fontsize=11, color=INK)
    for axes in (above, below):
        _plain(axes)
    return _png(figure)


def _plain(axes: Axes) -> None:
    axes.tick_params(axis="y", labelsize=8, labelcolor=MUTED, length=0)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="y", color="#e3e6ec", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#c6cbd6")


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def draw(asked: Mapping[str, Any]) -> bytes:
    """What was asked for as a PNG: a flat plan's health, or the desk's trend."""
    if asked.get("kind") == "health":
        return health(asked)
    return trend(asked["days"], asked["opened"], asked["resolved"])
