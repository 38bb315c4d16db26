"""SBML from standard input to a COPASI file on standard output, in a process of its own."""

import sys

import COPASI


def main() -> int:
    """Convert; 0 done, 1 COPASI does not take it."""
    model = COPASI.CRootContainer.addDatamodel()
    COPASI.CCopasiMessage.clearDeque()
    try:
        taken = model.importSBMLFromString(sys.stdin.buffer.read().decode())
    except COPASI.CCopasiException as error:
        print(" ".join(error.getMessage().getText().split()), file=sys.stderr)
        return 1
    if not taken:
        said = COPASI.CCopasiMessage.getAllMessageText()
        print(" ".join(said.split()), file=sys.stderr)
        return 1
    sys.stdout.buffer.write(model.saveModelToString().encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
