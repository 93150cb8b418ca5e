from graphval.cli import main

main()
