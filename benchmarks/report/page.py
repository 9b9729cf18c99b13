def html(records): return "x"
