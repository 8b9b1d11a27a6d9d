"""Write questions as a package of QTI 2.1, which most learning systems read."""

import zipfile
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from attention.exercises.markup import number, reply, text, written_xml
from attention.exercises.question import Number

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"


def item(chapter, question):
    """Write one question as an item of QTI 2.1."""
    is_number = isinstance(question, Number)
    root = Element(
        "assessmentItem",
        {
            "xmlns": QTI,
            "identifier": f"{chapter}-{question.name}",
            "title": f"{chapter} {question.name}",
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
    kind = "float" if is_number else "identifier"
    response = {"identifier": "RESPONSE", "cardinality": "single", "baseType": kind}
    declared = SubElement(root, "responseDeclaration", response)
    answers = question.answers()
    right = next(i for i, answer in enumerate(answers) if not answer.name)
    correct = SubElement(SubElement(declared, "correctResponse"), "value")
    correct.text = number(question.number) if is_number else f"A{right}"
    for name, base in (("SCORE", "float"), ("FEEDBACK", "identifier")):
        outcome = {"identifier": name, "cardinality": "single", "baseType": base}
        SubElement(root, "outcomeDeclaration", outcome)
    body = SubElement(root, "itemBody")
    if is_number:
        _html(SubElement(body, "p"), text(question.ask))
        SubElement(SubElement(body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE")
    else:
        choices = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1"}
        interaction = SubElement(body, "choiceInteraction", choices)
        _html(SubElement(interaction, "prompt"), text(question.ask))
        for i, answer in enumerate(answers):
            choice = SubElement(interaction, "simpleChoice", identifier=f"A{i}")
            _html(choice, text(answer.answer))
    _processing(root, question, answers)
    for i, answer in enumerate(answers):
        shown_when = {"identifier": f"A{i}", "outcomeIdentifier": "FEEDBACK", "showHide": "show"}
        _html(SubElement(root, "modalFeedback", shown_when), reply(answer))
    return written_xml(root)


def _processing(root, question, answers):
    """Say which answer was given, and score it."""
    condition = SubElement(SubElement(root, "responseProcessing"), "responseCondition")
    for i, answer in enumerate(answers):
        branch = SubElement(condition, "responseElseIf" if i else "responseIf")
        if isinstance(question, Number):
            within = {"toleranceMode": "absolute", "tolerance": number(question.within)}
            test = SubElement(branch, "equal", within)
            value, kind = number(answer.answer), "float"
        else:
            test, value, kind = SubElement(branch, "match"), f"A{i}", "identifier"
        SubElement(test, "variable", identifier="RESPONSE")
        SubElement(test, "baseValue", baseType=kind).text = value
        for name, base, to in (
            ("SCORE", "float", "0" if answer.name else "1"),
            ("FEEDBACK", "identifier", f"A{i}"),
        ):
            outcome = SubElement(branch, "setOutcomeValue", identifier=name)
            SubElement(outcome, "baseValue", baseType=base).text = to


def _html(parent, markup):
    """Put HTML into an element."""
    inside = ElementTree.fromstring(f"<span>{markup}</span>")
    parent.text = inside.text
    parent.extend(inside)


def package(chapters, path):
    """Write questions as a package of QTI 2.1, a zip with a manifest."""
    items = {
        f"{chapter}-{question.name}.xml": item(chapter, question)
        for chapter, asked in chapters.items()
        for question in asked
    }
    manifest = Element("manifest", {"xmlns": CP, "identifier": "attention"})
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    for name in items:
        known = {"identifier": name.removesuffix(".xml"), "type": "imsqti_item_xmlv2p1"}
        resource = SubElement(resources, "resource", known, href=name)
        SubElement(resource, "file", href=name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"imsmanifest.xml": written_xml(manifest), **items}.items():
            archive.writestr(zipfile.ZipInfo(name), content)
