"""python -m lake.serve"""

from lake.serve.command import main

main()
