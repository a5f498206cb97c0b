"""Pieces of HTML and SVG. All text goes through `text`; all else is our own."""

from collections.abc import Iterable, Sequence
from html import escape


def text(value: object) -> str:
    """Return text that stands as text wherever it is put: in an element, or in a quoted attribute."""
    return escape("".join(sign if sign.isprintable() else " " for sign in str(value)), quote=True)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> str:
    """Return a table of markup cells under headings of text; `kind` is its class. Empty without rows."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    if not body:
        return ""
    head = "".join(f"<th>{text(name)}</th>" for name in heads)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n'


def section(name: str, title: str, body: str) -> str:
    """Return a part of the page that links can name; nothing where its body is empty."""
    return f'<section id="{name}"><h2>{text(title)}</h2>\n{body}</section>\n' if body else ""
