"""What is the story and what is the page around it."""

from time import process_time

import pytest

from reader.claims.boilerplate import find_boilerplate, is_boilerplate
from reader.claims.segment import blocks


@pytest.mark.parametrize(
    "block",
    [
        "Related Articles",
        "Back to top button",
        "Read more: Ten bridges you should see",
        "Sign up for our newsletter",
        "Advertisement",
        "Follow us on Facebook",
        "Share this:",
        "© Reuters",
        "(Reporting by Will Dun; Editing by Tom Bro)",
        "Photo: Eva Lind",
        "The wall after the storm. Photo: Eva Lind / AFP",
        "Drones\nDrones in a store. Photo: AFP",
        "The team in Rome. Image: United States Navy.",
        "Sam Ito (left) and Joy Park in Seoul. (Min Lee/Getty Images)",
        "All rights reserved.",
    ],
)
def test_boilerplate(block):
    assert is_boilerplate(block)


@pytest.mark.parametrize(
    "block",
    [
        "“Read more books,” she said.",
        "The photo shows a man.",
        "Comments by the minister angered many.",
        "Recommended doses of the drug were cut by half last year.",
        "He posted an image: a red car beside the wall.",
        "The firm's newsletter said sales fell. " * 6,
        "A",
    ],
)
def test_story(block):
    assert not is_boilerplate(block)


def test_many_quotations_that_could_be_pulled_cost_no_more_each():
    """Processor time, and three times the room: looking each up in the whole text would take sixteen times as long."""

    def seconds(count):
        text = "\n\n".join(f"“We saw {i} boats and {7 * i} were lost in the storm,” said Ode." for i in range(count))
        spans = list(blocks(text))
        begun = process_time()
        find_boilerplate(text, spans)
        return process_time() - begun

    short = max(seconds(2000) for _ in range(2))
    assert seconds(8000) < 4 * 3 * short
