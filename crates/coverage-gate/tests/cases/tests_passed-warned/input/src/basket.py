def total(numbers):
    return sum(numbers)
    # line 3
