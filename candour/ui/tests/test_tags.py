"""A test for each tag, and that a misspelt argument does not pass in silence."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from candour.ui.forms import Form
from candour.ui.gallery import TYPED, Sampler
from candour.ui.tones import GRADES, TONES, tone


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_misspelt_argument_is_an_error():
    with pytest.raises(TemplateSyntaxError):
        draw("{% ui_tag text='Late' color='red' %}")


@pytest.mark.parametrize("name", TONES)
def test_a_tag_bears_its_word_and_its_colour(name):
    markup = draw("{% ui_tag text=text colour=name %}", text="Due <b>", name=name)
    assert "Due &lt;b&gt;" in markup
    assert f"cd-tag--{name}" in markup


def test_tones_have_words_and_an_unknown_one_is_grey():
    assert [tone(name) for name in ("wait", "late", "ok", "info", "purple", "")] == [
        "amber", "red", "teal", "blue", "grey", "grey",
    ]  # fmt: skip


@pytest.mark.parametrize("grade", GRADES)
def test_a_grade_is_never_a_colour_alone(grade):
    for short in (True, False):
        assert GRADES[grade].text in draw("{% ui_grade grade=grade short=short %}", grade=grade, short=short)


def test_no_grade_and_a_grade_of_ones_own_scale():
    assert "Not graded" in draw("{% ui_grade grade=none %}", none=None)
    assert "Works well" in draw("{% ui_grade grade='works-well' %}")


def test_a_button_submits_or_leads_somewhere():
    assert "<button" in draw("{% ui_button text='Save' name='then' value='next' %}")
    assert 'href="/audits/"' in draw("{% ui_button text='Audits' href='/audits/' variant='secondary' %}")
    with pytest.raises(TemplateSyntaxError):
        draw("{% ui_button text='Save' variant='big' %}")


def test_a_post_carries_the_token_and_its_one_value():
    markup = draw("{% ui_post text='Remind' url='/go/' name='who' value=3 %}", csrf_token="tok")
    assert 'action="/go/"' in markup
    assert 'name="csrfmiddlewaretoken" value="tok"' in markup
    assert 'name="who" value="3"' in markup


def test_a_status_is_announced():
    assert 'role="status"' in draw("{% ui_status text='Saved 14:02' %}")


def test_a_summary_says_what_its_link_changes():
    markup = draw("{% ui_summary rows=rows %}", rows=[("Tool", "Core"), ("Period", "April", "/p/", "Change")])
    assert "Core" in markup
    assert 'Change<span class="govuk-visually-hidden"> period</span>' in markup


def test_steps_say_in_words_how_far_they_are():
    steps = [{"name": "Focus", "state": "done", "url": "/f/"}, {"name": "Sampling", "state": "now"}]
    markup = draw("{% ui_steps steps=steps %}", steps=steps)
    assert "done:" in markup
    assert markup.count('aria-current="step"') == 1


def test_a_task_links_and_tags():
    markup = draw("{% ui_task title='Answer' href='/a/' note='Due soon' tag='Due' tone='amber' %}")
    assert 'href="/a/"' in markup
    assert "cd-tag--amber" in markup


def test_bars_stand_beside_their_figures():
    markup = draw("{% ui_bars rows=rows caption='Age' %}", rows=[("Under 1", 2, 4, "2 of 8"), ("1 to 4", 0, 1)])
    assert "<caption" in markup
    assert 'width="50.0"' in markup
    assert "2 of 8" in markup
    assert "style=" not in markup


def test_bars_of_nothing_draw_nothing():
    assert 'width="0.0"' in draw("{% ui_bars rows=rows caption='None' %}", rows=[("None", 0)])


def test_pagination_keeps_the_filter():
    page = Paginator(range(90), 10).get_page(4)
    markup = draw("{% ui_pagination page=page %}", page=page, request=RequestFactory().get("/?who=hv&page=4"))
    assert 'href="?who=hv&amp;page=5"' in markup
    assert draw("{% ui_pagination page=page %}", page=Paginator([], 10).get_page(1)).strip() == ""


def test_crumbs_end_in_this_page():
    assert 'aria-current="page"' in draw("{% ui_crumbs rows=rows %}", rows=[("Audits", "/audits/"), ("2026-03", "")])


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% ui_panel title='Receipt' tint=True %}in{% end_ui_panel %}", "cd-panel--tint"),
        ("{% ui_details summary='More' %}in{% end_ui_details %}", "<summary"),
        ("{% ui_inset %}in{% end_ui_inset %}", "govuk-inset-text"),
        ("{% ui_warning %}in{% end_ui_warning %}", "Warning"),
        ("{% ui_next %}in{% end_ui_next %}", "cd-next"),
        ("{% ui_empty %}in{% end_ui_empty %}", "cd-empty"),
        ("{% ui_table caption='Cases' %}<tr><td>in</td></tr>{% end_ui_table %}", "<caption"),
        ("{% ui_table caption='Cases' scroll=True %}<tr><td>in</td></tr>{% end_ui_table %}", 'aria-label="Cases"'),
    ],
)
def test_a_block_wraps_what_stands_in_it(source, wanted):
    markup = draw(source)
    assert wanted in markup
    assert "in" in markup


def test_a_block_escapes_what_people_typed():
    assert "&lt;script&gt;" in draw("{% ui_inset %}{{ text }}{% end_ui_inset %}", text="<script>")


def test_the_summary_of_errors_leads_to_the_fields():
    form = Sampler({**TYPED, "title": "", "due_on_month": "", "history": ""})
    markup = draw("{% ui_errors form=form %}", form=form)
    assert 'href="#id_title"' in markup
    assert 'href="#id_due_on_1"' in markup
    assert 'href="#id_history_0"' in markup
    whole = draw("{% ui_form form=form %}", form=form)
    for target in ("id_title", "id_due_on_1", "id_history_0"):
        assert f'id="{target}"' in whole


def test_a_form_unsent_has_no_errors_and_says_how_it_is_sent():
    markup = draw("{% ui_form form=form text='Go on' url='/go/' cancel='/back/' %}", form=Sampler(), csrf_token="t")
    assert "govuk-error-summary" not in markup
    assert 'enctype="multipart/form-data"' in markup
    assert 'action="/go/"' in markup
    assert 'href="/back/"' in markup


def test_errors_of_the_whole_form_and_of_several_forms():
    forms = [Form({}), Form({})]
    forms[0].add_error(None, "The list has changed meanwhile.")
    markup = draw("{% ui_errors form=forms %}", forms=forms)
    assert "The list has changed meanwhile." in markup
    assert "<a" not in markup


def test_one_field_shows_its_label():
    assert "Who leads" in draw("{% ui_field field=form.lead %}", form=Sampler())
