"""Axes that look and act like matplotlib's and cost less: what nobody sees is not made.

Three private names of matplotlib are used, here alone: `_init_axis`, `_update_label_position` and
`_get_font_height_metrics`. They save time only: without them the charts look the same.
"""

from copy import copy
from functools import cache, lru_cache

from matplotlib.axes import Axes
from matplotlib.axis import Tick, XAxis, YAxis
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.spines import Spine
from matplotlib.textpath import text_to_path


class _FrugalAxis:
    """An axis that copies its first tick for the others, and makes no minor ones unasked."""

    def reset_ticks(self):
        """Forget all ticks; minor ones are made again as soon as somebody asks where they stand."""
        super().reset_ticks()
        self.minorTicks = []

    def set_minor_locator(self, locator):
        """Say where minor ticks stand; from now on they are made in the usual way."""
        super().set_minor_locator(locator)
        self.__dict__.pop("minorTicks", None)

    def set_clip_path(self, path, transform=None):
        """Clip the major ticks; the usual way would make a minor one to clip it."""
        for child in self.majorTicks:
            child.set_clip_path(path, transform)

    def get_major_ticks(self, numticks=None):
        """Return so many major ticks; default: as many as there are places for them."""
        wanted = len(self.get_majorticklocs()) if numticks is None else numticks
        while len(self.majorTicks) < wanted:
            self.majorTicks.append(_copied(self.majorTicks[0]))
        return self.majorTicks[:wanted]

    def _update_label_position(self, renderer):
        if self.label.get_text():
            super()._update_label_position(renderer)


def _copied(tick: Tick) -> Tick:
    """Return a tick with lines and labels of its own that look like another's."""
    new = copy(tick)
    for name in ("tick1line", "tick2line", "gridline", "label1", "label2"):
        setattr(new, name, copy(getattr(tick, name)))
    for label in (new.label1, new.label2):
        label.set_fontproperties(label.get_fontproperties())  # which copies them
    return new


class _FrugalX(_FrugalAxis, XAxis):
    pass


class _FrugalY(_FrugalAxis, YAxis):
    pass


class FrugalAxes(Axes):
    """Axes whose ticks cost less; for `axes_class` of matplotlib's `subplots`."""

    def _init_axis(self):
        for name, kind, sides in (("x", _FrugalX, "bottom top"), ("y", _FrugalY, "left right")):
            axis = kind(self, clear=False)
            setattr(self, f"{name}axis", axis)
            for side in sides.split():
                self.spines[side].register_axis(axis)

    def get_default_bbox_extra_artists(self):
        """Return what may reach out of the axes: not the spines, whose tick marks never reach far."""
        return [a for a in super().get_default_bbox_extra_artists() if not isinstance(a, Spine)]


@lru_cache(16384)
def extent(text: str, font: FontProperties, math: bool | str = False) -> tuple:
    """Return the width, height and descent of a line of text in points. Fonts never change."""
    return text_to_path.get_text_width_height_descent(text, font, math)


@lru_cache(256)
def line_metrics(font: FontProperties) -> tuple[float, float, float] | None:
    """Return in points how far a font's lines reach up and down, and the gap between.

    None for a font that does not say: matplotlib then measures it.
    """
    face = get_font(fontManager.findfont(font))
    table = face.get_sfnt_table("OS/2")
    if table is None:
        return None
    scale = font.get_size_in_points() / face.units_per_EM
    up, down, gap = (table[name] for name in ("sTypoAscender", "sTypoDescender", "sTypoLineGap"))
    return up * scale, -down * scale, gap * scale


class Ruler(RendererBase):
    """Measures text for a resolution, and draws nothing."""

    def __init__(self, dpi: float) -> None:
        super().__init__()
        self.scale = dpi / 72

    def points_to_pixels(self, points):
        """Return points as pixels."""
        return points * self.scale

    def get_text_width_height_descent(self, s, prop, ismath):
        """Return the width, height and descent of a line of text in pixels."""
        return tuple(size * self.scale for size in extent(s, prop.copy(), ismath))

    def _get_font_height_metrics(self, prop):
        found = line_metrics(prop.copy())
        return tuple(size * self.scale for size in found) if found else (None, None, None)


ruler = cache(Ruler)


class Pen(RendererSVG):
    """Writes SVG, and remembers how large each text is from one chart to the next."""

    scale = 1
    get_text_width_height_descent = Ruler.get_text_width_height_descent
    _get_font_height_metrics = Ruler._get_font_height_metrics
