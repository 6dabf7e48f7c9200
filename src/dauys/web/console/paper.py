"""Reports on paper: PDF with headings, paragraphs, tables and bars, in all three languages.

The font is DejaVu (vendored), which has the letters that Kazakh adds to Cyrillic.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

FONTS = Path(__file__).parents[1] / "static" / "vendor" / "dejavu-fonts-ttf-2.37.3"
TEAL, GREY, SHADE = (11, 92, 99), (90, 105, 112), (230, 240, 241)


class Paper(FPDF):
    """A4, upright. Each page ends with `footer_words` and its number."""

    def __init__(self, title: str, language: str, footer_words: str) -> None:
        """`language` is that of the words, for readers aloud."""
        super().__init__(format="A4")
        self._footer_words = footer_words
        self.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
        self.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_title(title)
        self.set_lang(language)
        self.set_margin(18)
        self.set_auto_page_break(auto=True, margin=20)
        self.add_page()

    def footer(self) -> None:
        """Draw the foot of a page; called by fpdf2."""
        self.set_y(-14)
        self.set_font("DejaVu", size=8)
        self.set_text_color(*GREY)
        self.cell(0, 6, self._footer_words)
        self.cell(0, 6, f"{self.page_no()}", align=Align.R)
        self.set_text_color(0)

    def heading(self, words: str, size: int = 13) -> None:
        """A heading, kept with at least two lines after it."""
        if self.will_page_break(20):
            self.add_page()
        self.ln(3)
        self._write(words, size, "B")

    def paragraph(self, words: str) -> None:
        """A paragraph."""
        self._write(words, 10, "")

    def lines(self, lines: Iterable[str]) -> None:
        """Paragraphs behind dots."""
        for line in lines:
            self.paragraph(f"•  {line}")

    def grid(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table; all columns but the first are numbers."""
        self.set_font("DejaVu", size=9)
        self.set_draw_color(*GREY)
        align = (Align.L, *(Align.R for _ in head[1:]))
        with self.table(
            text_align=align,
            col_widths=(3, *(1 for _ in head[1:])),
            headings_style=FontFace(emphasis="BOLD", fill_color=SHADE),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=6,
        ) as table:
            for cells in (head, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        self.ln(3)

    def bars(self, bars: Sequence[tuple[str, int]], height: float = 32) -> None:
        """Columns side by side, each with its label (every third) and its number."""
        if self.will_page_break(height + 12):
            self.add_page()
        left, top, width = self.l_margin, self.get_y() + 4, self.epw / len(bars)
        most = max((value for _, value in bars), default=0) or 1
        self.set_font("DejaVu", size=6)
        self.set_fill_color(*TEAL)
        for place, (label, value) in enumerate(bars):
            x, tall = left + place * width, height * value / most
            if value:
                self.rect(x + 0.3, top + height - tall, width - 0.6, tall, style="F")
                self.text(x + 0.3, top + height - tall - 0.8, str(value))
            if place % 3 == 0:
                self.text(x, top + height + 4, label)
        self.set_fill_color(255)
        self.line(left, top + height, left + self.epw, top + height)
        self.set_y(top + height + 8)

    def data(self) -> bytes:
        """The file."""
        return bytes(self.output())

    def _write(self, words: str, size: int, style: str) -> None:
        self.set_font("DejaVu", style, size)
        self.multi_cell(0, size * 0.5, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L)
        self.ln(1.5)
