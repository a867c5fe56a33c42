Not here.
