"""The eye for barriers sees: a page with faults is not reported clean."""

from collections.abc import Callable

from playwright.sync_api import Page

GOOD = """<!doctype html><html lang="kk"><title>Дауыс беру</title>
<main><h1>Дауыс беру</h1>
<label>ЖСН <input name="iin" style="width:9em;height:3em"></label></main>"""


def test_clean_page_has_no_barriers(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content(GOOD)
    assert axe(page) == []


def test_input_without_a_label_is_a_barrier(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content(GOOD.replace("label", "span"))
    assert [line.split(":")[0] for line in axe(page)] == ["label"]


def test_uncaught_error_inside_the_page_is_noticed(page: Page, page_problems: list[str]) -> None:
    page.set_content(GOOD)
    page.evaluate("setTimeout(() => { throw new Error('lost vote') })")
    page.wait_for_timeout(50)
    assert page_problems == ["lost vote"]
    page_problems.clear()
