"""What is the story and what is the page around it."""

import pytest

from reader.claims.boilerplate import is_boilerplate


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
