"""Begins a comment of HTML: <!--

    load("gone_in_text.md") load("there.md")
"""
load("gone.md")
quote("not_asked.md")
