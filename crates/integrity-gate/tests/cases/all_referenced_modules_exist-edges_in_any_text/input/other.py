load("not_asked.md")
