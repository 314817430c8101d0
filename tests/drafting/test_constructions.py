"""Constructions of English: who attributes what, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.drafting import actors, attribution, contacts, coreference, model

if TYPE_CHECKING:
    from spacy.tokens import Doc

pytestmark = pytest.mark.skipif(model.find_model() is None, reason="needs the language model")

ATTRIBUTIONS = [
    ("The talks, the minister argued, would fail.", "minister", "+"),
    ("The talks would fail, the minister argued.", "minister", "+"),
    ("The long war in the south, Osborne argued, was lost.", "Osborne", "+"),
    ("The rebels in the south, according to Osborne, were losing.", "Osborne", "+"),
    ("The war in the south was, in the minister's words, a lost cause.", "minister", "+"),
    ("Ngomo was convinced that the rebels would help him.", "Ngomo", "+"),
    ("The envoy left Ngomo, who was persuaded that the war was lost.", "Ngomo", "+"),
    ("Ngomo refused to leave the capital.", "Ngomo", "-"),
    ("The PFLN wanted to control the harbour.", "PFLN", "+"),
    ("The minister scoffed at the idea that the rebels would disarm.", "minister", "-"),
    ("The minister discounted reports that the rebels had disarmed.", "minister", "-"),
    ("As the minister later explained, the army could not stand by.", "minister", "+"),
    ("It was widely believed in Moscow that the West would not respond.", "Moscow", "+"),
    ("It should be noted that the contacts are not new.", None, "+"),
    ("No difference was seen between the two rebel groups.", None, "-"),
    ("Contacting the rebels is not approved by all ranks of the army.", "ranks", "-"),
    ("Some ranks of the rebels are opposed to the new treaty.", "ranks", "-"),
    ("The minister no longer believed that the talks had failed.", "minister", "-"),
    ("The minister does not refuse to meet the rebels.", "minister", "+"),
    ("The government failed to recognize the new treaty as a threat.", "government", "-"),
    ("The rebels never recognized the new government.", "rebels", "-"),
    ("Using the rebels against the army is of interest to Moscow.", "Moscow", "+"),
    ("It became obvious to the generals that the war was lost.", "generals", "+"),
    ("The treaty was unacceptable to Moscow.", "Moscow", "-"),
    ("The Kremlin's views on the rebels were negative.", "Kremlin", "+"),
    ("One of the main aims of the rebels is to leave the city.", "rebels", "+"),
    ("Beijing's position is that the island is part of China.", "Beijing", "+"),
    ("The general reached the same conclusion: the war could not be won.", "general", "+"),
    ("The envoy elicited from the rebels a promise to leave the city.", "rebels", "+"),
    ("The report quoted the general as saying that the war was lost.", "general", "+"),
    ("The new treaty was met with alarm in Washington.", "Washington", "-"),
    ("The plan was greeted with approval by the generals.", "generals", "+"),
    ("The minister believed the treaty to be a threat.", "minister", "+"),
    ("The minister considered the treaty dangerous.", "minister", "+"),
    ("The minister referred to the treaty as a threat.", "minister", "+"),
    ("The minister called on the rebels to leave the city.", "minister", "+"),
    ("The minister was unsure how to interpret the message.", "minister", "-"),
    ("The minister was frustrated about how little the army knew.", "minister", "+"),
    ("The minister thanked the rebels for their patience.", "minister", "+"),
    ("Accepting this advice, the minister left the city.", "minister", "+"),
    ("The minister wrote a letter to the king denouncing the war.", "minister", "-"),
    ("The minister, who feared that the war was lost, left the city.", "minister", "+"),
    ("The treaty called for the withdrawal of the army.", "treaty", "+"),
    ("The minister left the city in the hope that the rebels would follow.", "minister", "+"),
    ("The desire of the rebels to leave the city is known.", "rebels", "+"),
    ("The envoy asked whether the talks had failed.", "envoy", "+"),
    ("The envoy said no.", "envoy", "-"),
    ("The signs show that the talks have failed.", "signs", "+"),
    ("In the minister's view, the talks had failed.", "minister", "+"),
    ("The ministers debated the possibility of a new treaty.", "ministers", "+"),
    ("The minister wanted to say that the talks had failed.", "minister", "+"),
    ("The envoy told the king that the war was lost, and urged him to leave.", "envoy", "+"),
    ("The army complained to the king that it had been betrayed.", "army", "+"),
    ("The canal was regarded by the generals as a trap.", "generals", "+"),
    ("Russia is believed by some analysts to seek bases.", "analysts", "+"),
    ("The minister viewed the treaty with suspicion.", "minister", "-"),
    ("The riots convinced the king that the war was lost.", "king", "+"),
    ("The king, whose policy rested on the belief that war was near, fell.", "king", "+"),
    ("There were suspicions in Paris that the treaty was dead.", "Paris", "+"),
    ("The minister, eager to leave the city, sold his house.", "minister", "+"),
    ("The minister telephoned the king to say that the war was lost.", "minister", "+"),
    ("The general, concerned about the bridge, sent an officer.", "general", "+"),
    ("The assumption that time works for the rebels is wrong.", None, "+"),
    ("Few ministers believed that the war was lost.", "ministers", "-"),
    ("A few ministers believed that the war was lost.", "ministers", "+"),
    ("The king lost faith in the army.", "king", "-"),
    ("The main aim of the rebels is a new treaty.", "rebels", "+"),
    ("As a former ambassador put it, the war was lost.", "ambassador", "+"),
    ("The king asked for a treaty, which the rebels refused to sign.", "rebels", "-"),
    ("The generals were told to leave the city.", None, "+"),
    ("The only men who believed that the war was lost were officers.", "men", "+"),
    ("Neither the king nor the minister supported the treaty.", "king", "-"),
    ("The king let the envoy know that the port would close.", "king", "+"),
    ("The palace let it be known that the king would not sign.", "palace", "+"),
    ("Moscow made it known that the port would stay shut.", "Moscow", "+"),
    ("The official line was that no soldiers had crossed the border.", None, "+"),
    ("For Moscow, an independent province was unacceptable.", "Moscow", "-"),
    ("To the generals, the treaty was a humiliation.", "generals", "+"),
    ("To the generals, the treaty looked like a betrayal.", "generals", "+"),
    ("It seemed to the king that the alliance had no purpose.", "king", "+"),
    ("The brief struck the king as naive.", "king", "+"),
    ("The plan seemed archaic to the king.", "king", "+"),
    ("The king felt betrayed by the generals.", "king", "+"),
    ("The king likened the treaty to a surrender.", "king", "+"),
    ("Rumours circulated that the king had been arrested.", None, "+"),
    ("The general was less than convinced that the line would hold.", "general", "-"),
    ("The general was far from certain that the line would hold.", "general", "-"),
    ("The minister, when asked, did not deny that money had been paid.", "minister", "+"),
    ("Few in Paris expected the treaty to last.", "Few", "-"),
    ("The minister denied having met the envoy.", "minister", "-"),
    ("The army had no intention of leaving the city.", "army", "-"),
    ("Belgrade had no doubt that the army would leave.", "Belgrade", "+"),
    ("The king heard warnings that the bank would fail.", None, "+"),
    ("What the generals wanted was a treaty.", "generals", "+"),
    ("All that the generals wanted was a treaty.", "generals", "+"),
    ("The generals took it for granted that the king would not fight.", "generals", "+"),
    ("The king was accused of seeking a war.", None, "-"),
    ("The envoy repeated the hypothesis that the talks had failed.", "envoy", "+"),
    ("The region, which the generals viewed as a market, was poor.", "generals", "+"),
    ("Asked whether the talks had failed, the envoy left.", None, "+"),
    ("Seen from Moscow, the treaty was a threat.", "Moscow", "+"),
    ("The army left; the rebels, it claimed, were bandits.", "it", "+"),
    ("The generals were against the treaty.", "generals", "-"),
    ("Opposition leaders called the promise a joke.", "leaders", "+"),
    ("Wang said Beijing opposes war and hopes the country will recover.", "Beijing", "+"),
    ("The king was pleased to meet the envoy.", "king", "+"),
    ("The king announced a new policy.", "king", "+"),
    ("The envoys believed that Paris would pay, not realizing that it was poor.", "envoys", "-"),
    ("The envoys reached agreement on the composition of the government.", "envoys", "+"),
    ("The king was angry about the treaty.", "king", "-"),
    ("The king was angry that the talks had failed.", "king", "+"),
    ("The king shared the envoy's view that the war was lost.", "king", "+"),
    ("The king called for each of the rebels to leave the city.", "king", "+"),
    ("As the king told the envoy last week, the war was lost.", "king", "+"),
    ("The chief aims of the king included peace and a treaty.", "king", "+"),
    ("For Beijing, the island was strictly an internal matter.", "Beijing", "+"),
    ("The view in the ministry was that the army was loyal.", "ministry", "+"),
    ("The king noted that unrest was rising and decided that a war would help.", "king", "+"),
    ("Moscow denied the charge.", "Moscow", "-"),
    ("The committee did not identify evidence that the army had lied.", "committee", "-"),
    ("There was a widespread belief in Paris that the war was lost.", "Paris", "+"),
    ("The generals would have liked to end the talks.", "generals", "+"),
    ("None of the generals spoke in favor of the treaty.", "None", "-"),
    ("The army is not, as many critics seem to believe, at war.", "critics", "+"),
    ("It would be wrong to suppose that the war is over.", None, "+"),
    ("The Member States have made clear that they hold this view.", "States", "+"),
    ("The king voiced his opposition to the treaty.", "king", "-"),
    ("It can be seen by the generals as a threat.", "generals", "+"),
    ("It will be recalled that the king wrote that the war was lost.", "king", "+"),
    ("The minister refrained from saying that the dam was safe.", "minister", "-"),
    ("The minister has yet to acknowledge that the dam is unsafe.", "minister", "-"),
    ("The treaty was perceived as hostile by the king.", "king", "+"),
    ("Central Asia is regarded by Moscow as its backyard.", "Moscow", "+"),
    ("The envoy, who was viewed as weak by the king, left.", "king", "+"),
    ("The king considered France a test case for the treaty.", "king", "+"),
    ("Islamabad, accused by Kabul of supporting the rebels, left.", "Kabul", "-"),
    ("The rebels' main demand is the withdrawal of the army.", "rebels", "+"),
    ("From the Russian point of view, the treaty is a threat.", "Russian", "+"),
    ("It was the king who warned that the war was lost.", "king", "+"),
    ("Haaretz, citing unnamed officials, reported that the deal was dead.", "Haaretz", "+"),
    ("The minister showed little enthusiasm for the treaty.", "minister", "-"),
    ("Scholars have long debated why the king left.", "Scholars", "+"),
    ("The ministers did not debate at length whether to leave.", "ministers", "-"),
    ("The treaty, which many senators thought too soft, failed.", "senators", "+"),
    ("The flights, which the army called a crime, ended.", "army", "+"),
    ("The minister resigned on the grounds that the talks had failed.", "minister", "+"),
    ("Osborne, unlike the king, favored the treaty.", "Osborne", "+"),
    ("The king believed, his son later wrote, that the war was lost.", "son", "+"),
]
NOTHING = [
    "The army left the city in the morning.",
    "This means that the talks have failed.",
    "The minister left in view of the danger.",
    "The city, a thought-provoking place, was empty.",
    "The soldiers were seen in the city.",
    "The bridge could not be found.",
    "The army supported the rebels with money.",
    "The envoy took charge of the talks.",
    "Facing dwindling support for the war, the king left the city.",
    "The minister used the threat of the bomb.",
    "The army found itself obstructed.",
    "The army denied the envoys a visa.",
    "The army took steps to support the plan.",
    "Encouraged by the envoys, the king left.",
    "The king was not required to pay for the war.",
    "The army denied exit permits to the envoys.",
    "The two sides did not see eye to eye.",
    "There is no evidence that the army had lied.",
    "As mentioned, the king left the city.",
    "The report on the claim that the ministers rejected was long.",
    "The rebels, backed by the army, left the city.",
]
CONTENTS = [
    ("The king intends to hold a meeting, chaired by the envoy in 1947.", "to hold a meeting"),
    ("The king said the plan, drafted in 1947, was dead.", "the plan, drafted in 1947, was dead"),
    (
        "A study described the nation as “hardly a nation. It is poor.” The king left.",
        "the nation as “hardly a nation. It is poor.”",
    ),
    ("The report argues that for China a key aim is peace.", "for China a key aim is peace"),
    ("The king asked to keep the peace and urged the envoy to leave.", "to keep the peace"),
    ("Egypt insists on a binding agreement, which Sudan rejects.", "a binding agreement"),
    ("The war, said the king, was over.", "The war, said the king, was over"),
    ("The dam will, Egypt fears, dry up the river.", "The dam will, Egypt fears, dry up the river"),
    ("The talks were over, the king said, and the envoys left.", "The talks were over"),
    ("The dam, which Egypt says will harm it, is full.", "will harm it"),
    ("The problem, as the king saw it, was money.", "The problem, as the king saw it, was money"),
    ("The king said the dam was safe; the envoys disagreed.", "the dam was safe"),
    ("The king wanted the rebels to leave.", "the rebels to leave"),
    ("The king denied that he had left, blaming the envoy.", "he had left"),
    ("The minister made clear that the talks had failed.", "the talks had failed"),
    ("The minister made it clear that the talks had failed.", "the talks had failed"),
    ("The king said that the war was lost, although he hoped for peace.", "the war was lost"),
    ("“It was,” the king wrote, “the worst week of my life.”", "“the worst week of my life.”"),
    (
        "In his speech, the king said “Let us leave the city today.”",
        "“Let us leave the city today.”",
    ),
    (
        "The army left; the rebels, the king claimed, were bandits.",
        "the rebels, the king claimed, were bandits",
    ),
    ("The army protested the flights, which it called a crime.", "the flights"),
    ("The envoy refused to sign on the grounds that the treaty was void.", "to sign"),
    ("The king spoke of “rolling back” the rebels.", "“rolling back” the rebels"),
    ("The plan was dead, as the king noted in a letter.", "The plan was dead"),
]
CERTAIN = ["The truce began on May 3.", "The truce of 3 May failed.", "It began in May."]
CONTACTS = [
    ("The Russian envoy met the Chinese minister in Geneva.", 2, 0, True),
    ("The two leaders met in Geneva.", 1, 0, True),
    ("Russia did not negotiate with China.", 2, 0, False),
    ("The Russian envoy would meet the Chinese minister.", 2, 0, False),
    ("Contacts of Russia with Iran were established by Tajikistan as mediator.", 2, 1, True),
    ("Norway mediated between Israel and Egypt.", 2, 1, True),
    ("The talks between Israel and Egypt were mediated by Norway.", 2, 1, True),
    ("The Russian envoy told the Chinese minister that the talks had failed.", 2, 0, True),
    ("Moscow issued a warning to Ankara.", 2, 0, True),
    ("The Chinese minister was invited by Russia.", 2, 0, True),
    ("Talks between the two countries were held in Geneva.", 1, 0, True),
    ("Norway shuttled between the two camps.", 1, 1, True),
    ("Norway offered to mediate between Israel and Egypt.", 2, 1, False),
    ("Turkish and Armenian diplomats conducted negotiations in Zurich.", 2, 0, True),
    ("Delegations from the United States and Iran gathered in Geneva.", 2, 0, True),
    ("Uganda held two rounds of talks with Sudan in Juba.", 2, 0, True),
    ("Contacts with Israel were maintained by Norway.", 2, 0, True),
    ("Pakistan arranged a meeting between China and Iran.", 2, 1, True),
    ("Russia contacted Israel through Egypt.", 2, 1, True),
    ("A message from Iran to Israel was delivered by the Swiss ambassador.", 2, 0, True),
    ("The Iranian minister flew to Moscow to meet the Russian president.", 2, 0, True),
    ("An Israeli delegation travelled to Cairo in June.", 2, 0, True),
    ("Saudi Arabia sent an envoy to Iraq.", 2, 0, True),
    ("The conference was attended by Egypt, Jordan and Syria.", 3, 0, True),
    ("India denied that it had met Pakistani officials.", 2, 0, False),
    ("Russian diplomats sat down with Turkish officials in Istanbul.", 2, 0, True),
]  # fmt: skip
NO_CONTACTS = [
    "The minister told his secretary that the talks had failed.",
    "The State Department urged President Clinton to act.",
    "Several officials told us that the talks had failed.",
    "Russia left the city.",
    "Russia sent troops to Syria.",
    "The Russian tourists travelled to Egypt.",
    "Israel and Egypt are neighbors.",
    "The minister agreed with the report.",
    "Russia passed a law in 1995.",
    "Russia demanded the withdrawal of American forces from Taiwan.",
    "Moscow dismissed the assurances of the ministers.",
]


def parsed(sentence: str) -> Doc:
    """Parse a sentence and mark its actors."""
    (doc,) = model.parse([sentence])
    coreference.mark(doc, actors.gazetteer())
    return doc


@pytest.mark.parametrize(
    ("sentence", "claimant", "polarity"), ATTRIBUTIONS, ids=[row[0] for row in ATTRIBUTIONS]
)
def test_claimant_and_polarity(sentence: str, claimant: str | None, polarity: str) -> None:
    """Somebody is said to say, think, want or judge something, or not to."""
    found = attribution.find(parsed(sentence))

    assert (claimant, polarity) in [(c.claimant and c.claimant.text, c.polarity) for c in found]


@pytest.mark.parametrize(("sentence", "content"), CONTENTS, ids=[row[0] for row in CONTENTS])
def test_content_is_what_is_said(sentence: str, content: str) -> None:
    """What is ascribed has neither the cue nor what the author adds."""
    doc = parsed(sentence)

    assert [doc[slice(*c.content)].text for c in attribution.find(doc)][:1] == [content]


@pytest.mark.parametrize("sentence", NOTHING)
def test_plain_report_attributes_nothing(sentence: str) -> None:
    """What nobody is said to hold is no attribution."""
    assert attribution.find(parsed(sentence)) == []


@pytest.mark.parametrize("sentence", CERTAIN)
def test_month_is_no_hedge(sentence: str) -> None:
    """May is a month where a day, a year or a preposition says so."""
    assert not attribution.is_hedged(sentence)
    assert attribution.is_hedged(
        sentence.replace("began", "may begin").replace("failed", "may end")
    )


@pytest.mark.parametrize(
    ("sentence", "participants", "mediators", "realised"),
    CONTACTS,
    ids=[row[0] for row in CONTACTS],
)
def test_contact(sentence: str, participants: int, mediators: int, realised: bool) -> None:
    """Sides, who is between them, and whether it took place."""
    found = contacts.find(parsed(sentence), {})

    assert (participants, mediators, realised) in [
        (len(c.participants), len(c.mediators), c.realised) for c in found
    ]


@pytest.mark.parametrize("sentence", NO_CONTACTS)
def test_talk_on_one_side_is_no_contact(sentence: str) -> None:
    """Colleagues who talk are no contact, nor is one who talks to the author."""
    assert contacts.find(parsed(sentence), {}) == []
