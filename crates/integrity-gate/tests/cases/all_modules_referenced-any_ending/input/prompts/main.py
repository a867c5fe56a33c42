load("u.txt")
