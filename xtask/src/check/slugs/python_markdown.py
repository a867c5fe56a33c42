"""Anchors as Python-Markdown makes them with `toc` and `attr_list`, which is what MkDocs has.

usage: python python_markdown.py HEADINGS.json

The headings are handed over as elements, past its parser, so that every character stands for itself.
"""

import json
import sys
import xml.etree.ElementTree as etree

import markdown
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.toc import slugify, unique


def anchors(headings):
    root = etree.Element("div")
    for heading in headings:
        etree.SubElement(root, "h2").text = heading
    AttrListTreeprocessor(markdown.Markdown()).run(root)
    used = {element.attrib["id"] for element in root if "id" in element.attrib}
    for element in root:
        if "id" not in element.attrib:
            name = " ".join((element.text or "").split())
            element.set("id", unique(slugify(name, "-"), used))
    # A list may hold `id` without a value.
    return [element.attrib["id"] or "" for element in root]


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump([anchors(headings) for headings in json.load(file)], sys.stdout)
