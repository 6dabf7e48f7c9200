"""An election from nothing to sealed, through the pages alone, in a real Chromium."""

import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from dauys.conduct.ceremony import SENT
from dauys.core.entries import Candidates, Manifest, Trustees
from dauys.crypto.threshold import parse_any_trustees, quorums
from dauys.crypto.trustees import TrusteeKey
from dauys.scenario.key_ceremony import hold
from tests.browser.test_console_desks import DESKTOP
from tests.integration.played import demonstration
from tests.web.console_site import ConsoleSite, serving

Contexts = Callable[..., BrowserContext]
SLUG = "abai-2027"
GROUP = ("Архив", "Университет", "Палата")
PASSPHRASE = "өткен күнде белгі жоқ"
HEADER = "ИИН/БИН;Наименование;Категория;Регион;Телефон\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[ConsoleSite]:
    with serving(demonstration(tmp_path_factory, worker_id)) as site:
        yield site


def fill(page: Page, name: str, words: str) -> None:
    for language in ("kk", "ru", "en"):
        page.fill(f"#id_{name}_{language}", f"{words} {language}")


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить").click()


def part(page: Page, site: ConsoleSite, words: str) -> None:
    page.goto(site.at(f"{SLUG}/set-up/"))
    page.get_by_role("link", name=words, exact=True).click()


def make_key(site: ConsoleSite, context: BrowserContext, name: str) -> None:
    """A member makes a key; the file must be kept before the public half is handed in."""
    page = context.new_page()
    site.sign_in(page, name)
    page.goto(site.at(f"{SLUG}/my-key/"))
    page.fill("#first", "short")
    page.get_by_role("button", name="Сделать ключ").click()
    expect(page.locator("[data-status]")).to_contain_text("слишком короткая")
    page.fill("#first", PASSPHRASE)
    page.fill("#second", PASSPHRASE)
    page.get_by_role("button", name="Сделать ключ").click()
    expect(page.locator("[data-status]")).to_contain_text("Ключ готов")
    expect(page.get_by_role("button", name="Сдать открытый ключ")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Сохранить файл ключа").click()
    assert "dauys-signing-key" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("button", name="Сдать открытый ключ").click()
    expect(page.locator("main")).to_contain_text("Ваш ключ сохранён.")


def register(site: ConsoleSite) -> tuple[bytes, bytes]:
    """A register with three bad rows, and the same one mended."""
    voters = site.guide["voters"]
    people = [v for v in voters if v["category"] == "entrepreneur"][:3]
    rows = [f"{v['number']};{v['name']['ru']};ИП;abai;{v['phone']}" for v in people]
    first = rows[0].split(";")
    bad = [
        f"{first[0]};Двойник;ИП;abai;",
        "123;Ошибка в номере;ИП;abai;",
        rows[1].replace("abai", "nowhere").replace(people[1]["number"], people[2]["number"]),
    ]
    good = HEADER + "\n".join(rows) + "\n"
    return (HEADER + "\n".join([*rows[:2], *bad]) + "\n").encode("cp1251"), good.encode()


def begin(page: Page, site: ConsoleSite) -> None:
    page.goto(site.at("begin/"))
    page.fill("#id_slug", "KARAGANDA")
    page.get_by_role("button", name="Начать").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.fill("#id_slug", SLUG)
    fill(page, "name", "Выборы в области Абай")
    fill(page, "organiser", "Палата")
    page.get_by_role("button", name="Начать").click()
    expect(page.locator(".govuk-task-list")).to_contain_text("Не начато")


def set_times_and_rules(page: Page, site: ConsoleSite) -> None:
    part(page, site, "Время")
    page.fill("#id_opens", "2098-05-02T08:00")
    page.fill("#id_closes", "2098-05-01T08:00")
    save(page)
    expect(page.locator(".govuk-error-summary")).to_contain_text("закрыться позже")
    page.fill("#id_opens", "2098-04-01T08:00")
    save(page)

    part(page, site, "Правила")
    expect(page.locator(".govuk-warning-text").first).to_contain_text("SMS")
    page.check("#id_policy_0")
    save(page)


def add_contest(page: Page, site: ConsoleSite) -> None:
    part(page, site, "Округа и кандидаты")
    page.get_by_role("button", name="Добавить округ").click()
    page.fill("#id_word", "abai")
    fill(page, "name", "Совет области Абай")
    page.fill("#id_region", "abai")
    save(page)
    for name in ("Ахметова Сауле", "Ибраев Нурлан"):
        page.get_by_role("button", name="Добавить кандидата").click()
        page.fill("#id_name", name)
        fill(page, "occupation", "Директор")
        fill(page, "programme", "Честные правила")
        save(page)
    page.get_by_role("button", name="Выше Ибраев Нурлан").click()
    expect(page.locator(".c-candidates li").first).to_contain_text("Ибраев Нурлан")


def add_trustees(page: Page, site: ConsoleSite) -> None:
    part(page, site, "Хранители ключа")
    page.fill("#id_name", "Нотариальная палата")
    page.fill("#id_key_text", "{}")
    page.get_by_role("button", name="Добавить", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("не открытый ключ хранителя")
    page.fill("#id_name", "Нотариальная палата")
    page.fill("#id_key_text", TrusteeKey.generate(os.urandom).public.to_json())
    page.get_by_role("button", name="Добавить", exact=True).click()
    expect(page.locator(".c-candidates")).to_contain_text("Нотариальная палата")


def begin_group(page: Page, site: ConsoleSite) -> None:
    part(page, site, "Хранители ключа")
    page.get_by_role("button", name="Добавить группу").click()
    page.fill("#id_members", "\n".join(GROUP))
    page.fill("#id_threshold", "3")
    save(page)
    expect(page.locator(".govuk-error-summary")).to_contain_text("группа не получается")
    page.fill("#id_threshold", "2")
    save(page)
    expect(page.locator("main")).to_contain_text("Любые 2 из 3")


def hand_in(page: Page, name: str, text: str) -> None:
    file = FilePayload(name=name, mimeType="application/json", buffer=text.encode())
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Сдать").click()


def hold_ceremony(page: Page, site: ConsoleSite, axe: Callable[[Page], list[str]]) -> None:
    """Members hand in what their computers made; a file of somebody else is sent back."""
    begin_group(page, site)
    held, other = (hold(2, GROUP, os.urandom) for _ in range(2))
    refused = page.locator(".govuk-error-summary")
    turn = page.get_by_role("status").last
    hand_in(page, "polynomial-1.json", held.messages[3][2])
    expect(refused).to_contain_text("Очередь этого сообщения ещё не пришла")
    hand_in(page, "letter.json", held.messages[0][2])
    expect(refused).to_contain_text("Не переименовывайте файл")
    hand_in(page, "certificate-2.json", held.messages[0][2])
    expect(refused).to_contain_text("участника 2, Университет: оно для другого участника")
    assert axe(page) == []
    for stage, place, text in held.messages[:4]:
        hand_in(page, f"{stage}-{place} (1).json", text)
        expect(page.locator(".c-pip--sent")).to_have_count(3 * SENT.index(stage) + place)
    hand_in(page, "polynomial-2.json", other.messages[4][2])
    expect(refused).to_contain_text("часть ключа участника 2, Университет: оно не подписано")
    expect(turn).to_contain_text("Университет, Палата")
    for stage, place, text in held.messages[4:]:
        hand_in(page, f"{stage}-{place}.json", text)
        expect(page.locator(".c-pip--sent")).to_have_count(3 * SENT.index(stage) + place)
    expect(turn).to_contain_text("Завершена")
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Сообщения (ZIP)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len(archive.namelist()) == 11


def add_commission(page: Page, site: ConsoleSite) -> None:
    part(page, site, "Комиссия")
    for word, holder in (("head", "chair"), ("second", "secretary")):
        page.get_by_role("button", name="Добавить место в комиссии").click()
        page.fill("#id_word", word)
        fill(page, "name", f"Место {word}")
        page.select_option("#id_holder", holder)
        save(page)
    expect(page.locator("table")).to_contain_text("ещё не сделан")


def upload_bad_rows(page: Page, site: ConsoleSite, bad: bytes) -> None:
    part(page, site, "Список избирателей")
    page.set_input_files("#id_file", {"name": "r.csv", "mimeType": "text/csv", "buffer": bad})
    page.get_by_role("button", name="Проверить файл").click()
    mistakes = page.get_by_role("region", name="Строки с ошибками")
    expect(mistakes).to_contain_text("такой номер уже есть в строке 2")
    expect(mistakes).to_contain_text("такого региона нет в настройках")
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать все строки с ошибками (CSV)").click()
    report = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert report.startswith("Строка;Столбец;Значение;Ошибка")
    page.get_by_role("button", name="Принять список").click()
    expect(page.get_by_role("alert")).to_contain_text("В списке есть строки с ошибками.")


def upload_mended(page: Page, site: ConsoleSite, good: bytes) -> None:
    page.get_by_role("link", name="Загрузить другой файл").click()
    page.set_input_files("#id_file", {"name": "r.csv", "mimeType": "text/csv", "buffer": good})
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_role("region", name="Строки с ошибками")).to_have_count(0)
    page.get_by_role("button", name="Принять список").click()
    expect(page.get_by_role("status").first).to_contain_text("Список избирателей загружен.")
    left = list((site.data / "imports").iterdir())
    assert len(left) == 1, "the accepted file is deleted; the refused one waits for its day"

    # The same file once more changes nothing.
    part(page, site, "Список избирателей")
    page.set_input_files("#id_file", {"name": "r.csv", "mimeType": "text/csv", "buffer": good})
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.locator(".d-figures li").nth(2)).to_contain_text("0 новых избирателей")


def seal(page: Page, site: ConsoleSite) -> None:
    page.goto(site.at(f"{SLUG}/set-up/"))
    expect(page.locator(".govuk-tag--yellow")).to_have_count(0)
    page.get_by_role("button", name="Перейти к закреплению").click()
    page.check("#sure")
    page.get_by_role("button", name="Закрепить навсегда").click()
    expect(page.locator("main")).to_contain_text("Возможно с 1 апреля")
    manifest, papers = site.entries(SLUG)[:2]
    assert isinstance(manifest, Manifest)
    assert isinstance(papers, Candidates)
    assert [one.name for one in papers.candidates] == ["Ибраев Нурлан", "Ахметова Сауле"]
    assert manifest.registered == 3
    trustees = next(one for one in site.entries(SLUG) if isinstance(one, Trustees))
    assert [one.needed for one in quorums(parse_any_trustees(trustees.trustees))] == [1, 2]
    assert manifest.opens == "2098-04-01T03:00:00Z"


def send_old_form(page: Page, site: ConsoleSite) -> None:
    page.goto(site.at(f"{SLUG}/set-up/times/"))
    expect(page.get_by_role("button", name="Сохранить")).to_have_count(0)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    form = {"zone": "UTC", "opens": "2098-01-01T00:00", "closes": "2099-01-01T00:00"}
    page.request.post(
        page.url, form={**form, "csrfmiddlewaretoken": token}, headers={"Referer": page.url}
    )
    page.goto(site.at(f"{SLUG}/set-up/times/"))
    expect(page.locator("#id_opens")).to_have_value("2098-04-01T08:00")


def test_an_organiser_goes_from_nothing_to_a_sealed_election(
    site: ConsoleSite, new_context: Contexts, axe: Callable[[Page], list[str]]
) -> None:
    page = new_context(**DESKTOP).new_page()
    site.sign_in(page, "organiser")
    begin(page, site)
    assert axe(page) == []
    set_times_and_rules(page, site)
    add_contest(page, site)
    assert axe(page) == []
    add_trustees(page, site)
    hold_ceremony(page, site, axe)
    add_commission(page, site)
    make_key(site, new_context(**DESKTOP), "chair")
    make_key(site, new_context(**DESKTOP), "secretary")
    bad, good = register(site)
    upload_bad_rows(page, site, bad)
    assert axe(page) == []
    upload_mended(page, site, good)
    seal(page, site)
    send_old_form(page, site)
