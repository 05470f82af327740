"""What must never stand in a page that somebody's text went into."""

from html.parser import HTMLParser

ELEMENTS = {
    *("script", "style", "iframe", "frame", "object", "embed", "applet", "base", "meta", "link", "form", "input"),
    *(
        "button",
        "textarea",
        "select",
        "svg",
        "math",
        "img",
        "picture",
        "video",
        "audio",
        "source",
        "template",
        "dialog",
    ),
}
ADDRESSES = {"href", "src", "srcset", "action", "formaction", "xlink:href", "data", "poster", "background", "ping"}


class Found(HTMLParser):
    """Elements, attributes and addresses that could do something, as a browser reads the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ELEMENTS:
            self.dangers.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith(("on", "hx-", "data-", "style", "id", "x-", "@", ":")):
                self.dangers.append(f"{tag} {name}")
            if name in ADDRESSES and not (value or "").startswith("https://"):
                self.dangers.append(f"{tag} {name}={value}")

    def handle_decl(self, decl: str) -> None:
        self.dangers.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.dangers.append(f"<?{data}>")

    def handle_comment(self, data: str) -> None:
        self.dangers.append(f"<!--{data}-->")


def dangers(html: str) -> list[str]:
    return Found(html).dangers
