"""Charts as SVG that stands in a page: drawn by Matplotlib, then freed of all style so that the page's own applies.

Colours become classes (`ink-fill`, `mark1-stroke` …; figures.css gives each its colour, light, dark or printed), words
stay words, and every mark of a chart is a link with a name. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree
from markupsafe import Markup

from corpus.web.language import gettext, number
from corpus.web.language import mark as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
LABELLED = 12  # columns with their values above them; those of more would touch
WIDTH = 640  # of a chart, in pixels where the page has room
SIZE = 12  # of its words, in pixels
# Colours that stand for a class; Matplotlib writes them as they are.
CLASSES = {"ink": "#000001", "soft": "#000002", "line": "#000003", "warn": "#000004", "paper": "#000005"} | {
    f"mark{place}": f"#00001{place}" for place in range(1, 7)
}
CLASS_OF = {colour: name for name, colour in CLASSES.items()}
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none", "text.parse_math": False, "font.family": "DejaVu Sans", "font.size": SIZE,
    "text.color": CLASSES["ink"], "axes.edgecolor": CLASSES["soft"], "axes.labelcolor": CLASSES["soft"],
    "xtick.color": CLASSES["soft"], "ytick.color": CLASSES["soft"], "axes.spines.top": False,
    "axes.spines.right": False, "grid.color": CLASSES["line"], "axes.axisbelow": True, "legend.frameon": False,
    "axes.facecolor": "none", "figure.facecolor": "none",
}  # fmt: skip
KEPT = {"fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity",
        "text-anchor", "font-size", "font-weight"}  # fmt: skip
SIGNS = {"at_least": "≥ ", "more": "> ", "less": "< ", "at_most": "≤ ", "approx": "≈ "}
MONEY = ((1e9, _("%(number)s billion")), (1e6, _("%(number)s million")))
_drawing = threading.Lock()  # Matplotlib's settings are the process's


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar or point: where its link leads, its name for those who hear it or hover over it, and its qualifier.

    `low` and `high` are what the words allow; `at` is a year, for a point with a fraction that counts from its middle;
    points have a `group`.
    """

    label: str
    value: float
    href: str
    title: str
    qualifier: str | None = None
    at: float = 0.0
    low: float | None = None
    high: float | None = None
    group: str = ""
    disputed: bool = False


@dataclass(slots=True)
class Canvas:
    """A chart being drawn: `name` makes its ids its own in the page, `links` holds the marks by the id they bear."""

    name: str
    axes: Axes
    links: dict[str, Mark] = field(default_factory=dict)

    def link(self, artist: Any, mark: Mark) -> None:  # noqa: ANN401 (an artist of any kind)
        """Makes what was drawn a link to the mark's evidence."""
        gid = f"{self.name}-{len(self.links)}"
        self.links[gid] = mark
        artist.set_gid(gid)
        artist.set_url(mark.href)


def amount(value: float, kind: str | None = "count") -> str:
    """A number short enough for a chart: sums of money in billions and millions, others in full."""
    if kind == "money":
        for size, said in MONEY:
            if abs(value) >= size:
                return gettext(said) % {"number": number(round(value / size, 2))}
    return number(round(value, 2))


def told(mark: Mark, kind: str | None) -> str:
    """A mark's value with the sign of its qualifier."""
    return f"{SIGNS.get(mark.qualifier or '', '')}{amount(mark.value, kind)}"


def columns(name: str, title: str, about: str, marks: Sequence[Mark], kind: str | None) -> Markup:
    """Upright bars over years: each stands at the year that its mark is `at`, so that a year without one is a gap."""

    def draw(canvas: Canvas) -> None:
        for mark in marks:
            (bar,) = canvas.axes.bar([mark.at], [mark.value], width=0.62, color=CLASSES["mark1"])
            canvas.link(bar, mark)
            if len(marks) <= LABELLED:
                canvas.axes.annotate(told(mark, kind), (mark.at, mark.value), (0, 3), textcoords="offset points",
                                     ha="center", va="bottom", fontsize=SIZE - 2)  # fmt: skip
        _years(canvas.axes, marks)
        canvas.axes.margins(y=0.12)
        _scale(canvas.axes.yaxis, kind)

    return chart(name, title, about, draw, height=260)


def bars(name: str, title: str, about: str, marks: Sequence[Mark], kind: str | None) -> Markup:
    """Bars lying down, the largest on top, their names to the left."""
    ranked = sorted(marks, key=lambda mark: (mark.value, mark.label))

    def draw(canvas: Canvas) -> None:
        for place, mark in enumerate(ranked):
            (bar,) = canvas.axes.barh([place], [mark.value], height=0.68, color=CLASSES["mark1"])
            canvas.link(bar, mark)
            canvas.axes.annotate(told(mark, kind), (mark.value, place), (4, 0), textcoords="offset points",
                                 va="center", fontsize=SIZE - 2)  # fmt: skip
        canvas.axes.set_yticks(range(len(ranked)), [plain(mark.label) for mark in ranked])
        canvas.axes.margins(x=0.22, y=0.01 if len(ranked) > 1 else 0.4)
        _scale(canvas.axes.xaxis, kind)

    return chart(name, title, about, draw, height=60 + 21 * len(ranked))


def points(name: str, title: str, about: str, marks: Sequence[Mark], kind: str | None) -> Markup:
    """Points over time: a shape and colour for each group, a line to what the words allow, a ring where disputed."""
    groups = list(dict.fromkeys(mark.group for mark in marks))
    styles = {group: (f"mark{1 + place % 6}", "osD^vP"[place % 6]) for place, group in enumerate(groups)}
    reach = max((mark.value for mark in marks), default=1) * 0.09

    def draw(canvas: Canvas) -> None:
        for mark in marks:
            colour, shape = CLASSES[styles[mark.group][0]], styles[mark.group][1]
            _bound(canvas.axes, mark, colour, reach)
            if mark.disputed:
                canvas.axes.plot([mark.at], [mark.value], "o", ms=17, mfc="none", mec=CLASSES["warn"], mew=2)
            (point,) = canvas.axes.plot([mark.at], [mark.value], shape, ms=9, color=colour)
            canvas.link(point, mark)
        for group, (colour, shape) in styles.items():
            canvas.axes.plot([], [], shape, ms=9, color=CLASSES[colour], label=plain(group))
        if any(mark.disputed for mark in marks):
            canvas.axes.plot([], [], "o", ms=13, mfc="none", mec=CLASSES["warn"], mew=2, label=gettext("contradicted"))
        canvas.axes.figure.legend(loc="outside lower center", ncols=3, fontsize=SIZE - 1)
        _years(canvas.axes, marks)
        canvas.axes.margins(0.06, 0.16)
        first, last = (round(end) for end in canvas.axes.get_xlim())
        if last - first <= 2 * LABELLED:
            canvas.axes.set_xticks([year - 0.5 for year in range(first, last + 2)], minor=True)
            canvas.axes.grid(visible=True, axis="x", which="minor")
            canvas.axes.set_xlim(first - 0.5, last + 0.5)
        canvas.axes.set_ylim(bottom=0)
        _scale(canvas.axes.yaxis, kind)

    return chart(name, title, about, draw, height=320)


def _bound(axes: Axes, mark: Mark, colour: str, reach: float) -> None:
    """What a qualifier allows: a line between both bounds where they are told, else an arrow to the open side."""
    line: dict[str, Any] = {"color": colour, "lw": 1.6}
    if mark.qualifier in {"at_least", "more"}:
        axes.plot([mark.at] * 2, [mark.value, mark.value + reach], **line)
        axes.plot([mark.at], [mark.value + reach], "^", ms=6, color=colour)
    elif mark.qualifier in {"less", "at_most"}:
        low = max(0, mark.value - reach)
        axes.plot([mark.at] * 2, [low, mark.value], **line)
        axes.plot([mark.at], [low], "v", ms=6, color=colour)
    elif mark.low is not None and mark.high is not None and mark.low < mark.high:
        axes.plot([mark.at] * 2, [mark.low, mark.high], marker="_", ms=9, **line)
    elif mark.qualifier == "approx":
        axes.plot([mark.at] * 2, [mark.value - reach / 2, mark.value + reach / 2], marker="_", ms=9, **line)


def _years(axes: Axes, marks: Sequence[Mark]) -> None:
    """A tick at each year from the first to the last, or at each second, third … where there are many."""
    first, last = (round(chosen(mark.at for mark in marks)) for chosen in (min, max))
    years = range(first, last + 1, 1 + (last - first) // LABELLED)
    axes.set_xticks(years, [str(year) for year in years])
    axes.tick_params(length=0)


def _scale(axis: Any, kind: str | None) -> None:  # noqa: ANN401 (an axis, x or y)
    """Ticks as people write numbers, and a light grid."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415 (as in `chart`)

    axis.set_major_locator(MaxNLocator(5, integer=kind != "money"))
    axis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, kind)))
    axis.axes.tick_params(length=0)
    axis.grid(visible=True)


def chart(
    name: str, title: str, about: str, draw: Callable[[Canvas], None], *, height: int, width: int = WIDTH
) -> Markup:
    """What `draw` draws, as an SVG element for the page, with its title and what it is about; sizes in pixels."""
    import matplotlib as mpl  # noqa: PLC0415 (a second, once, and only for those who look at charts)
    from matplotlib.figure import Figure  # noqa: PLC0415

    drawn = io.BytesIO()
    with _drawing, mpl.rc_context({**SETTINGS, "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the reader's browser has other fonts than Matplotlib
        figure = Figure(figsize=(width / 72, height / 72), layout="constrained")
        canvas = Canvas(name, figure.add_subplot())
        draw(canvas)
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _for_page(drawn.getvalue(), name, title, about, canvas.links)


def _for_page(drawn: bytes, name: str, title: str, about: str, links: Mapping[str, Mark]) -> Markup:
    """Matplotlib's document as an element without style, script, or any id that nothing refers to."""
    root = etree.fromstring(drawn, etree.XMLParser(no_network=True, resolve_entities=False))
    referred = {part for node in root.iter(f"{SVG}use") for part in [node.get(HREF, "")[1:]]}
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.tag in {f"{SVG}metadata", f"{SVG}style"}:
            node.getparent().remove(node)
            continue
        _restyle(node)
        if node.tag == f"{SVG}clipPath":
            referred.add(node.get("id", ""))
        if node.tag == f"{SVG}a":
            _name(node, links)
        elif HREF in node.attrib:
            node.set("href", node.attrib.pop(HREF))
        if node.get("id") not in referred and node.get("id") not in links:
            node.attrib.pop("id", None)
    for node in root.iter():
        if node.get("id") in links:
            del node.attrib["id"]
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("class", "chart")
    root.set("role", "group")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-about")
    for place, (tag, said) in enumerate((("title", title), ("desc", about))):
        node = etree.Element(f"{SVG}{tag}", id=f"{name}-{'title' if tag == 'title' else 'about'}")
        node.text = plain(said)
        root.insert(place, node)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # lxml has escaped it


def _name(link: etree._Element, links: Mapping[str, Mark]) -> None:
    """Gives a link its name, its address, and no window of its own."""
    above = link
    while above is not None and above.get("id") not in links:
        above = above.getparent()
    mark = links[above.get("id", "")] if above is not None else None
    link.attrib.pop("target", None)
    link.attrib.pop(HREF, None)
    if mark:
        link.set("href", mark.href)
        link.set("aria-label", plain(mark.title))
        said = etree.Element(f"{SVG}title")
        said.text = plain(mark.title)
        link.insert(0, said)


def _restyle(node: etree._Element) -> None:
    """Turns a style attribute into attributes and, for the colours that stand for one, classes."""
    said = dict(part.split(":", 1) for part in node.attrib.pop("style", "").split(";") if ":" in part)
    style = {name.strip(): value.strip() for name, value in said.items()}
    if "font" in style:
        size = next((word for word in style["font"].split() if word.endswith("px")), "")
        style["font-size"] = size.removesuffix("px")
    classes = []
    for name, value in style.items():
        if name in {"fill", "stroke"} and value in CLASS_OF:
            classes.append(f"{CLASS_OF[value]}-{name}")
        elif name in KEPT:
            node.set(name, value)
    if classes:
        node.set("class", " ".join(classes))


def plain(said: str) -> str:
    """A text without the signs that XML cannot hold."""
    return "".join(sign for sign in said if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"
                   and not "\ud800" <= sign <= "\udfff" and sign != "\x7f"))  # fmt: skip
