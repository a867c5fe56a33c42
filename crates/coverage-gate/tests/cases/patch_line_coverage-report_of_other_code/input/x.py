a
B
c
d
E
F
