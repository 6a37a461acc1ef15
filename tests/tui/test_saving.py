"""Saving from everywhere: what of an article it is, with a note, told to a command; and shown again when it changed."""

import json
from dataclasses import replace

import pytest
from textual.widgets import Input, TextArea

from reader.config import Commands, Saving, Settings
from reader.library.library import Library
from reader.model import CitationStyle, HighlightKind
from reader.tui.screens.highlight_edit import HighlightEditScreen
from reader.tui.screens.ledger import LedgerScreen

pytestmark = pytest.mark.anyio

SHELLS = "declassified intelligence says"
FERRY = "Skerra ferry disaster"


def saved(library: Library):
    return library.store.highlights.all()


async def test_what_is_saved_is_chosen_and_given_a_note_tags_and_a_colour(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        view = reader.article
        claim = next(one for one in view.opened.analysis.claims if one.figures)
        reader.screen._go_to(claim)
        view.focus()
        await reader.press("S")
        assert isinstance(reader.app.screen, HighlightEditScreen)
        shown = reader.shown()
        assert "The claim" in shown
        assert "The figure" in shown
        assert "The whole article" in shown
        await reader.press("j")
        reader.app.screen.query_one(TextArea).text = "Check against the budget"
        reader.app.screen.query(Input).first().value = "money, asia"
        await reader.press("ctrl+s")
        (figure,) = saved(library)
        assert figure.kind is HighlightKind.FIGURE
        assert figure.quote.exact == claim.figures[0].span.of(view.opened.article.text)
        assert (figure.note, figure.tags) == ("Check against the budget", ("money", "asia"))
        assert figure.speaker == claim.speaker.name

        await reader.press("s")
        assert len(saved(library)) == 2, "a figure of it is not the claim"
        await reader.press("S")
        reader.app.screen.query_one(TextArea).text = "Now with a note"
        await reader.press("ctrl+s")
        kept = next(one for one in saved(library) if one.kind is HighlightKind.CLAIM)
        assert kept.note == "Now with a note", "what is saved is changed, not saved twice"
        await reader.press("u")
        assert next(one for one in saved(library) if one.kind is HighlightKind.CLAIM).note == ""
        await reader.press("escape", "S", "escape")
        await reader.press("enter", "v", "S")
        reader.app.screen.query_one(TextArea).text = "Selected"
        await reader.press("ctrl+s")
        assert {one.note for one in saved(library)} == {"Check against the budget", "", "Selected"}


async def test_a_whole_article_is_saved_from_the_list_and_its_head_says_so(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        reader.headlines.focus()
        await reader.press("s")
        (whole,) = saved(library)
        assert whole.kind is HighlightKind.ARTICLE
        assert whole.quote.exact == reader.article.opened.article.text
        assert "★ saved whole" in reader.shown()
        assert "★1" in reader.shown(), "and the headline counts it"
        await reader.press("u")
        assert saved(library) == []
        assert "★ saved whole" not in reader.shown()


async def test_words_that_were_edited_are_shown_where_they_stand_now_with_another_sign(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        opened = reader.article.opened
        claims = [one for one in opened.analysis.claims if len(one.words(opened.article.text)) > 60][:2]
        first, second = (library.saved.keep(library.saved.of(opened, claim)) for claim in claims)
        words = first.quote.exact.split()
        text = opened.article.text.replace(first.quote.exact, " ".join([*words[:3], "certainly", *words[4:]]))
        paragraph = next(one for one in text.split("\n\n") if second.quote.exact in one)
        text = text.replace(paragraph, "This paragraph was withdrawn by the editors.")
        library.store.save_article(opened.entry.id, replace(opened.article, text=text, blocks=()))
        await reader.open(SHELLS)
        located = {one.highlight.id: one.anchor for one in reader.article.opened.highlights}
        assert located[second.id] is None
        assert "certainly" in located[first.id].span.of(text)
        assert "≈" in reader.shown()
        said = " ".join(reader.said())
        assert "1 is reworded" in said
        assert "1 is no longer there" in said
        assert len(saved(library)) == 2, "nothing is taken away"


async def test_a_cell_of_the_ledger_and_a_statement_of_a_speaker_are_saved(start, library: Library):
    async with start(size=(180, 50)) as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "L")
        screen = reader.app.screen
        assert isinstance(screen, LedgerScreen)
        await reader.press("s")
        while not saved(library):
            await reader.press("j", "s")
        (cell,) = saved(library)
        place = screen._table.place()
        assert cell.entry_id == place.entry_id
        assert cell.quote.start <= place.span.start < cell.quote.start + len(cell.quote.exact)
        assert screen.sheet.saved[place.entry_id], "the table shows it"
        assert "★" in reader.shown()
        await reader.press("u")
        assert saved(library) == []
        await reader.press("escape", "p", "s")
        (statement,) = saved(library)
        assert statement.speaker
        await reader.press("s")
        assert "saved already" in reader.said()[-1]
        assert len(saved(library)) == 1


async def test_each_new_highlight_is_handed_to_a_command_and_one_that_fails_is_told(start, library: Library, tmp_path):
    told = tmp_path / "told.json"
    command = f"tee {told}"
    library.apply(replace(library.settings, commands=Commands(on_save=command)))
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "s")
        (one,) = saved(library)
        (given,) = json.loads(told.read_text())["highlights"]
        assert (given["uid"], given["quote"]["exact"]) == (one.uid, one.quote.exact)
        library.apply(replace(library.settings, commands=Commands(on_save="no-such-command-of-ours")))
        await reader.press("right_square_bracket", "s")
        assert len(saved(library)) == 2, "it is saved all the same"
        assert "no-such-command-of-ours" in " ".join(reader.said())


async def test_a_claim_is_copied_in_the_style_of_the_settings(start, library: Library):
    settings: Settings = library.settings
    library.apply(replace(settings, saved=Saving(citation=CitationStyle.CHICAGO)))
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "y")
        assert "quoted in" in reader.app.clipboard
        library.apply(settings)
        await reader.press("y")
        assert "quoted in" not in reader.app.clipboard
