"""Colours: Textual's themes, two of our own, and Base16 schemes from a folder, all with text that can be read.

Whatever a theme says, its text keeps the contrast of WCAG AA: a colour that would be too faint is moved towards black
or white until it is not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.app import App
from textual.color import BLACK, WHITE, Color
from textual.theme import BUILTIN_THEMES, Theme

from reader.text import one_line

AUTO = "auto"
"""Not a theme: our dark or our light one, as the terminal is."""
DARK, LIGHT = "newsreader-dark", "newsreader-light"

AA = 4.5
"""The contrast that text needs at least, as WCAG 2 has it."""
_ENOUGH = AA + 0.1
"""What we see to, for Textual rounds what it makes of a theme."""
_GROUND = 10.0
"""The contrast that black or white have at least on what text stands on, so that other colours have room."""
_MIDDLE = 0.179
"""The luminance from which black stands out more than white."""
_TEXTS = ("primary", "secondary", "warning", "error", "success", "accent")
_TRACK = ("-background", "-background-hover", "-background-active", "-corner-color")
_LONGEST = 64 * 1024
"""Bytes of a scheme; they have about one thousand."""
_MOST = 1000
"""Schemes of a folder."""
_LINE = re.compile(
    r"""\s*(base0[0-9A-F])\s*:\s*(?:(["'])\#?([0-9a-f]{6})\2|([0-9a-f]{6}))\s*(?:\s\#.*)?""", re.IGNORECASE
)
_MEANT = re.compile(r"\s*base0[0-9A-F]\s*:", re.IGNORECASE)
_COLOURS = tuple(f"base0{digit}" for digit in "0123456789ABCDEF")


class ThemeError(ValueError):
    """A theme can't be used; the message is one plain sentence, of the theme's file where it is about one."""


_OWN = (
    Theme(
        name=DARK,
        dark=True,
        background="#15171c",
        surface="#1b1e24",
        panel="#252931",
        foreground="#d9d7d0",
        primary="#7ea6d0",
        secondary="#7fb0a8",
        accent="#d8a657",
        warning="#e0b56c",
        error="#e07a72",
        success="#93b877",
        variables={"footer-key-foreground": "#d8a657", "input-selection-background": "#7ea6d0 35%"},
    ),
    Theme(
        name=LIGHT,
        dark=False,
        background="#f8f5ef",
        surface="#f1ede4",
        panel="#e6e1d5",
        foreground="#2a2a28",
        primary="#2f6299",
        secondary="#2f6f6a",
        accent="#7a4207",
        warning="#a86400",
        error="#b3312c",
        success="#3f7a2c",
        variables={"footer-key-foreground": "#7a4207", "input-selection-background": "#2f6299 25%"},
    ),
)


def settle_auto(app: App[Any], *, dark: bool) -> None:
    """Make `auto` our dark or our light theme; until this is done it is the dark one."""
    app.register_theme(replace(named(DARK if dark else LIGHT, Path()), name=AUTO))


def use(app: App[Any], name: str, folder: Path) -> None:
    """Show everything in the theme of that name; raises ThemeError and changes nothing where there is none."""
    settled = app.available_themes.get(AUTO) if name == AUTO else None
    theme = settled or named(name, folder)
    app.register_theme(theme)
    if app.theme == theme.name:
        app.mutate_reactive(App.theme)  # its file may have changed
    else:
        app.theme = theme.name


def names(folder: Path) -> list[str]:
    """What themes there are to choose from: `auto`, our own, Textual's, and the schemes in the folder."""
    ours = [theme.name for theme in _OWN]
    return [AUTO, *ours, *sorted({*BUILTIN_THEMES, *_schemes(folder)} - set(ours))]


def named(name: str, folder: Path) -> Theme:
    """The theme of a name, a scheme in the folder before another of the same name; ThemeError where there is none."""
    known = {theme.name: theme for theme in _OWN} | BUILTIN_THEMES
    if name == AUTO:
        return replace(readable(known[DARK]), name=AUTO)
    if path := _schemes(folder).get(name):
        return base16(_read(path), name=name, file=str(path))
    if name in known:
        return readable(known[name])
    near = difflib.get_close_matches(name, names(folder), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"schemes are looked for in {folder}"
    raise ThemeError(one_line(f"there is no theme {name!r}; {hint}"))


def _schemes(folder: Path) -> dict[str, Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
        # What is no plain file might never end.
        return {path.stem: path for path in found[:_MOST] if path.is_file() and path.stem.isprintable()}
    except OSError:
        return {}


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeError(one_line(f"the scheme {path} can't be read: {error}")) from None


def base16(source: str, *, name: str, file: str = "scheme.yaml") -> Theme:
    """A theme from a Base16 scheme in YAML, in the old layout or with a `palette`; ThemeError for what is none.

    No more of YAML is read than a colour to a line, so that nothing in a scheme can be anything else.
    """
    if len(source) > _LONGEST:
        raise ThemeError(f"the scheme {file} is longer than a scheme can be")
    found: dict[str, Color] = {}
    for number, line in enumerate(source.splitlines(), 1):
        if match := _LINE.fullmatch(line):
            key = "base" + match[1][4:].upper()
            if key in found:
                raise ThemeError(f"the scheme {file} has {key} twice, again in line {number}")
            found[key] = Color.parse("#" + (match[3] or match[4]))
        elif _MEANT.match(line):
            raise ThemeError(one_line(f'the scheme {file}, line {number}: a colour is written base00: "181818"'))
    if missing := [key for key in _COLOURS if key not in found]:
        raise ThemeError(f"the scheme {file} is no Base16 scheme: {', '.join(missing[:3])} can't be found in it")
    return readable(
        Theme(
            name=name,
            dark=luminance(found["base00"]) <= _MIDDLE,
            background=found["base00"].hex,
            surface=found["base01"].hex,
            panel=found["base02"].hex,
            foreground=found["base05"].hex,
            error=found["base08"].hex,
            warning=found["base0A"].hex,
            success=found["base0B"].hex,
            secondary=found["base0C"].hex,
            primary=found["base0D"].hex,
            accent=found["base0E"].hex,
        )
    )


def readable(theme: Theme) -> Theme:
    """A theme in which text of every colour can be read on every ground; one of the terminal's own colours stays."""
    if theme.ansi:
        return theme
    made = theme.to_color_system().generate()
    background = Color.parse(made["background"])
    pole = WHITE if luminance(background) <= _MIDDLE else BLACK
    # Panels and the cursor's row stay near enough to the background for text that can be read on both.
    least = min(_GROUND, contrast(pole, background))
    grounds = {
        key: _moved(Color.parse(made[key]), background, lambda it: contrast(it, pole) >= least)
        for key in ("surface", "panel", "primary-muted")
    }

    under = [background, *grounds.values()]

    def legible(colour: Color) -> str:
        return _moved(colour, pole, lambda it: all(contrast(it, ground) >= _ENOUGH for ground in under)).hex

    foreground = Color.parse(made["foreground"])
    faint = legible(background.blend(foreground, 0.6))
    return replace(
        theme,
        surface=grounds["surface"].hex,
        panel=grounds["panel"].hex,
        foreground=legible(foreground),
        warning=legible(Color.parse(made["warning"])),
        error=legible(Color.parse(made["error"])),
        success=legible(Color.parse(made["success"])),
        accent=legible(Color.parse(made["accent"])),
        variables={
            **theme.variables,
            **{f"text-{key}": legible(Color.parse(made[f"text-{key}"])) for key in _TEXTS},
            "text-muted": faint,
            "foreground-muted": faint,
            "primary-muted": grounds["primary-muted"].hex,
            **{f"scrollbar{part}": background.hex for part in _TRACK},
            # Rules between panes: Textual's are lighter than the panel, which in a light theme is lighter than all.
            "panel-lighten-1": background.blend(foreground, 0.2).hex,
            "panel-lighten-2": background.blend(foreground, 0.28).hex,
            "scrollbar": background.blend(foreground, 0.22).hex,
            "scrollbar-hover": background.blend(foreground, 0.35).hex,
        },
    )


def _moved(colour: Color, to: Color, will_do: Callable[[Color], bool]) -> Color:
    """A colour as it is, or as near to it on the way to another one as will do."""
    steps = (colour.blend(to, step / 40) for step in range(41))
    return next(filter(will_do, steps), to)


def luminance(colour: Color) -> float:
    """How light a colour is to the eye, from 0 to 1, as WCAG 2 reckons it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """How well two colours stand apart, from 1 to 21, as WCAG 2 reckons it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
