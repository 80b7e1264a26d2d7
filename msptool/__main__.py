"""`python -m msptool`; installed, the console script does the same."""

from msptool.cli import main

if __name__ == "__main__":
    main()
