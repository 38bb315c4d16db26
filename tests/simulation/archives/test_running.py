"""What others write: closed forms, constructs that are done, and those that are named."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation.archives import running, saving, unpacking
from mtorules.simulation.archives.running import Results

Pack = Callable[..., Path]

# A becomes B at k, and events are none: A falls as exp(-k t), B is what is missing.
MODEL = """
    model theirs
    compartment c = 2; species A in c, B in c; A = 8; B = 0; k = 0.5
    J: A -> B; c * k * A
    end
"""
SBML = "/sbml:sbml/sbml:model/sbml:listOf"
A, B = (f"{SBML}Species/sbml:species[@id='{id}']" for id in "AB")
K = f"{SBML}Parameters/sbml:parameter[@id='k']"
COURSE = """<uniformTimeCourse id="course" initialTime="0" outputStartTime="0" outputEndTime="4"
  numberOfPoints="8"><algorithm kisaoID="{kisao}"/></uniformTimeCourse>"""
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'


def document(
    tasks: str = '<task id="task" modelReference="model" simulationReference="course"/>',
    changes: str = "",
    simulations: str = COURSE.format(kisao="KISAO:0000019"),
    math: str = "<ci>a</ci>",
    language: str = "urn:sedml:language:sbml",
    source: str = "model.xml",
    task: str = "task",
    outputs: str = "",
    target: str = A,
    models: str = "",
) -> str:
    """Return SED-ML L1V3, as phraSED-ML writes it."""
    variable = f'taskReference="{task}" modelReference="model"'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sedML xmlns="http://sed-ml.org/sed-ml/level1/version3" level="1" version="3"
  xmlns:sbml="http://www.sbml.org/sbml/level3/version1/core">
<listOfSimulations>{simulations}</listOfSimulations>
<listOfModels>{models}<model id="model" language="{language}" source="{source}">
  <listOfChanges>{changes}</listOfChanges></model></listOfModels>
<listOfTasks>{tasks}</listOfTasks>
<listOfDataGenerators>
  <dataGenerator id="t"><listOfVariables>
    <variable id="time" symbol="urn:sedml:symbol:time" {variable}/></listOfVariables>
    {MATH.format("<ci>time</ci>")}</dataGenerator>
  <dataGenerator id="y"><listOfVariables><variable id="a" target="{target}" {variable}/>
    </listOfVariables>{MATH.format(math)}</dataGenerator>
</listOfDataGenerators>
<listOfOutputs><report id="report"><listOfDataSets>
  <dataSet id="one" label="t" dataReference="t"/><dataSet id="two" label="y" dataReference="y"/>
</listOfDataSets></report>{outputs}</listOfOutputs>
</sedML>"""


@pytest.fixture
def run(pack: Pack, antimony_sbml: Callable[[str], str]) -> Callable[..., Results]:
    """Return a function that runs a document on the model above."""

    def results(model: str = MODEL, **told: str) -> Results:
        path = pack({"model.xml": antimony_sbml(model), "it.sedml": document(**told)})
        return running.run(unpacking.read(path), "it.sedml")

    return results


def rows(results: Results) -> tuple[list[np.ndarray], list[np.ndarray]]:
    assert results.refused == []
    (columns,) = results.reports.values()
    return columns["t"], columns["y"]


def test_a_course_is_what_its_closed_form_says(run: Callable[..., Results]) -> None:
    (time,), (found,) = rows(run())
    assert time == pytest.approx(np.linspace(0, 4, 9))
    assert found == pytest.approx(8 * np.exp(-0.5 * time), rel=1e-6)


def test_output_that_starts_later_leaves_out_what_came_before(run: Callable[..., Results]) -> None:
    course = COURSE.format(kisao="KISAO:0000088").replace(
        'outputStartTime="0"', 'outputStartTime="2"'
    )
    results = run(simulations=course)
    (time,), (found,) = rows(results)
    assert time == pytest.approx(np.linspace(2, 4, 9))
    assert found == pytest.approx(8 * np.exp(-0.5 * time), rel=1e-6)
    assert "CVODE runs in place of KISAO:0000088" in results.notes[0]


def test_changes_of_the_file_come_before_it_runs(run: Callable[..., Results]) -> None:
    k2 = f'<variable id="v" target="{K}/@value"/>'
    changes = (
        f'<changeAttribute target="{K}/@value" newValue="1.5"/>'
        f'<computeChange target="{A}/@initialConcentration"><listOfVariables>{k2}</listOfVariables>'
        f"{MATH.format('<apply><times/><ci>v</ci><cn>4</cn></apply>')}</computeChange>"
    )
    (time,), (found,) = rows(run(changes=changes))
    assert found == pytest.approx(6 * np.exp(-1.5 * time), rel=1e-6)


def test_a_change_rests_on_the_model_that_it_names(run: Callable[..., Results]) -> None:
    """A starts at four times k: the 0.5 of the file in one model, the 1.5 set before in another."""
    base = '<model id="base" language="urn:sedml:language:sbml" source="model.xml"/>'
    change = (
        f'<changeAttribute target="{K}/@value" newValue="1.5"/>'
        '<computeChange target="{target}"><listOfVariables>'
        f'<variable id="v" modelReference="{{model}}" target="{K}/@value"/></listOfVariables>'
        f"{MATH.format('<apply><times/><ci>v</ci><cn>4</cn></apply>')}</computeChange>"
    )
    for target in (A, f"{A}/@initialConcentration"):  # an element is what its id means
        for model, start in (("base", 2.0), ("model", 6.0)):
            changes = change.format(target=target, model=model)
            (time,), (found,) = rows(run(changes=changes, models=base))
            assert found == pytest.approx(start * np.exp(-1.5 * time), rel=1e-6)


def test_xml_may_be_removed_and_exchanged(
    run: Callable[..., Results], antimony_sbml: Callable[[str], str]
) -> None:
    (uri,) = re.findall(r'xmlns="(\S*/core)"', antimony_sbml(MODEL))
    changes = (
        f'<changeXML target="{K}"><newXML>'
        f'<parameter xmlns="{uri}" id="k" value="2" constant="true"/></newXML></changeXML>'
    )
    (time,), (found,) = rows(run(changes=changes))
    assert found == pytest.approx(8 * np.exp(-2 * time), rel=1e-6)
    (_,), (still,) = rows(run(changes=f'<removeXML target="{SBML}Reactions"/>'))
    assert still == pytest.approx(np.full(9, 8.0))


REPEAT = """<task id="once" modelReference="model" simulationReference="course"/>
<repeatedTask id="task" range="r" resetModel="{reset}"><listOfRanges>{range}</listOfRanges>
<listOfChanges>{changes}</listOfChanges>
<listOfSubTasks><subTask order="1" task="once"/></listOfSubTasks></repeatedTask>"""
VECTOR = '<vectorRange id="r"><value>1</value><value>2</value></vectorRange>'
SET = '<setValue target="{target}" modelReference="model" range="r">{math}</setValue>'


def test_a_scan_begins_anew_each_time(run: Callable[..., Results]) -> None:
    change = SET.format(target=K, math=MATH.format("<ci>r</ci>"))
    times, found = rows(run(tasks=REPEAT.format(reset="true", range=VECTOR, changes=change)))
    for k, time, row in zip((1.0, 2.0), times, found, strict=True):
        assert row == pytest.approx(8 * np.exp(-k * time), rel=1e-6)


def test_without_reset_each_run_goes_on(run: Callable[..., Results]) -> None:
    change = SET.format(target=K, math=MATH.format("<ci>r</ci>"))
    times, found = rows(run(tasks=REPEAT.format(reset="false", range=VECTOR, changes=change)))
    assert found[1] == pytest.approx(8 * np.exp(-4) * np.exp(-2 * times[1]), rel=1e-6)


def test_changes_see_what_the_ones_before_set(run: Callable[..., Results]) -> None:
    seen = (
        f'<listOfVariables><variable id="v" target="{A}" modelReference="model"/></listOfVariables>'
    )
    changes = SET.format(target=A, math=MATH.format("<ci>r</ci>")) + (
        f'<setValue target="{B}" modelReference="model">{seen}'
        f"{MATH.format('<apply><plus/><ci>v</ci><cn>20</cn></apply>')}</setValue>"
    )
    tasks = REPEAT.format(reset="true", range=VECTOR, changes=changes)
    times, found = rows(run(tasks=tasks, target=B))
    for start, time, row in zip((1.0, 2.0), times, found, strict=True):
        assert row == pytest.approx(20 + start + start * (1 - np.exp(-0.5 * time)), rel=1e-6)


def test_uniform_and_functional_ranges(run: Callable[..., Results]) -> None:
    ranges = (
        '<uniformRange id="r" start="1" end="100" numberOfPoints="2" type="log"/>'
        f'<functionalRange id="f" range="r">'
        f"{MATH.format('<apply><divide/><ci>r</ci><cn>10</cn></apply>')}</functionalRange>"
    )
    change = SET.format(target=A, math=MATH.format("<ci>f</ci>"))
    _, found = rows(run(tasks=REPEAT.format(reset="true", range=ranges, changes=change)))
    assert [row[0] for row in found] == pytest.approx([0.1, 1.0, 10.0])


def test_a_dose_by_subtask_as_version_4_has_it(run: Callable[..., Results]) -> None:
    """Pre-equilibration and a dose: B of 8 stays, A is given 5 and falls."""
    dose = (
        f'<listOfChanges><setValue target="{A}" modelReference="model">'
        f"{MATH.format('<cn>5</cn>')}</setValue></listOfChanges>"
    )
    tasks = (
        '<task id="long" modelReference="model" simulationReference="rest"/>'
        '<task id="once" modelReference="model" simulationReference="course"/>'
        '<repeatedTask id="task" range="r" resetModel="true"><listOfRanges>'
        '<vectorRange id="r"><value>0</value></vectorRange></listOfRanges><listOfSubTasks>'
        f'<subTask order="2" task="once">{dose}</subTask><subTask order="1" task="long"/>'
        "</listOfSubTasks></repeatedTask>"
    )
    steady = '<steadyState id="rest"><algorithm kisaoID="KISAO:0000407"/></steadyState>'
    results = run(tasks=tasks, simulations=steady + COURSE.format(kisao="KISAO:0000019"), target=B)
    times, (rest, found) = rows(results)
    assert rest == pytest.approx([8.0])
    assert found == pytest.approx(8 + 5 * (1 - np.exp(-0.5 * times[1])), rel=1e-6)


def test_what_has_no_value_is_said(run: Callable[..., Results]) -> None:
    results = run(target=B, math="<apply><divide/><cn>1</cn><ci>a</ci></apply>")
    assert np.isnan(rows(results)[1][0][0])
    assert "no finite value at 1 points" in results.notes[0]


def test_data_sets_that_share_a_label_are_all_there(
    pack: Pack, antimony_sbml: Callable[[str], str]
) -> None:
    twins = document().replace('label="y"', 'label="t"')
    path = pack({"model.xml": antimony_sbml(MODEL), "it.sedml": twins})
    (columns,) = running.run(unpacking.read(path), "it.sedml").reports.values()
    assert list(columns) == ["t (one)", "t (two)"]
    assert columns["t (two)"][0][-1] == pytest.approx(8 * np.exp(-2), rel=1e-6)


@pytest.mark.parametrize(
    ("axis", "log"), [("", 'logX="false" logY="true"'), ('<yAxis type="log10"/>', "")]
)
def test_axes_are_logarithmic_where_it_says_so(
    axis: str, log: str, run: Callable[..., Results]
) -> None:
    curve = f'<curve id="c" {log} xDataReference="t" yDataReference="y"/>'
    plot = f'<plot2D id="p">{axis}<listOfCurves>{curve}</listOfCurves></plot2D>'
    ((curves),) = run(outputs=plot).plots.values()
    assert [each.logarithmic for each in curves] == ["y"]
    (axes,) = saving._drawn("p", curves).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


STEP = '<oneStep id="course" step="1"><algorithm kisaoID="KISAO:0000019"/></oneStep>'
PLOT3D = '<plot3D id="p"><listOfSurfaces/></plot3D>'
EVENTS = MODEL.replace("    end", "    at (time > 1): k = 1\n    end")
NESTED = REPEAT.format(
    reset="true", range=VECTOR, changes=SET.format(target=K, math=MATH.format("<ci>r</ci>"))
) + (
    '<repeatedTask id="outer" range="o" resetModel="true"><listOfRanges><vectorRange id="o">'
    "<value>1</value></vectorRange></listOfRanges><listOfChanges>"
    f'<setValue target="{A}" modelReference="model" range="o">{MATH.format("<ci>o</ci>")}'
    '</setValue></listOfChanges><listOfSubTasks><subTask order="1" task="task"/></listOfSubTasks>'
    "</repeatedTask>"
)


CIRCLE = "".join(
    f'<repeatedTask id="{one}" range="r" resetModel="true"><listOfRanges>{VECTOR}</listOfRanges>'
    f'<listOfSubTasks><subTask task="{other}"/></listOfSubTasks></repeatedTask>'
    for one, other in (("task", "back"), ("back", "task"))
)
# How fast A changes, and another model's k.
RATE = f'{A}" term="KISAO:0000821'
ELSEWHERE = SET.format(target=K, math=MATH.format("<ci>r</ci>")).replace('="model"', '="other"')
FROM_START = (
    f'<computeChange target="{K}"><listOfVariables><variable id="v" target="{A}"/>'
    f"</listOfVariables>{MATH.format('<ci>v</ci>')}</computeChange>"
)
# What a rate law calls k is not the model's k.
INNER = f"{SBML}Reactions/sbml:reaction/sbml:kineticLaw/sbml:math"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"simulations": COURSE.format(kisao="KISAO:0000029")}, "'KISAO:0000029', which is not"),
        ({"simulations": COURSE.format(kisao="RK4")}, "algorithm 'RK4'"),
        ({"simulations": STEP}, "<oneStep> 'course' is of a kind that is not run"),
        ({"simulations": COURSE.format(kisao="KISAO:0000019").replace('"4"', '"-4"')}, "increase"),
        ({"simulations": COURSE.format(kisao="KISAO:0000019").replace('"8"', '"1e99"')}, "at most"),
        ({"simulations": COURSE.format(kisao="KISAO:0000019").replace('"8"', '"x"')}, "no finite"),
        ({"language": "urn:sedml:language:cellml"}, "only SBML is run"),
        ({"source": "https://example.org/m.xml"}, "nothing is fetched from elsewhere"),
        ({"source": "../../etc/passwd"}, "not in the archive"),
        ({"source": "model"}, "made from itself"),
        ({"changes": f'<changeAttribute target="{B}/@valu" newValue="1"/>'}, "SBML"),
        ({"changes": f'<changeAttribute target="{K}/@value" newValue="x"/>'}, "no SBML"),
        ({"target": f"{SBML}Species/sbml:species[1]"}, "is not read"),
        ({"target": A.replace("'A'", "'Z'")}, "leads to nothing"),
        ({"task": "tusk"}, "no task 'tusk'"),
        ({"math": "<ci>a</ci></math><math><ci>a</ci>"}, "has several formulas"),
        ({"math": "<ci>b</ci>"}, "names b, which is neither"),
        ({"math": "<apply><max/><ci>a</ci></apply>"}, "over all times"),
        ({"math": '<csymbol encoding="text" definitionURL="http://x/#max">m</csymbol>'}, "#max"),
        ({"outputs": PLOT3D}, "<plot3D> 'p'"),
        ({"tasks": NESTED, "task": "outer"}, "tools do not agree"),
        ({"tasks": CIRCLE}, "is a part of itself"),
        ({"target": INNER}, "keeps to itself"),
        ({"target": RATE}, "<variable> 'a' has the term 'KISAO:0000821'"),
        (
            {"tasks": REPEAT.format(reset="true", range=VECTOR, changes=ELSEWHERE)},
            "<setValue> is about a model that its task does not run",
        ),
        (
            {"changes": FROM_START, "model": MODEL.replace("A = 8", "A = 2 * k")},
            "leads to 'A', whose value a formula of the model gives",
        ),
        ({"changes": FROM_START.replace(f'"{K}"', f'"{SBML}Species"')}, "which has no value"),
        (
            {"model": EVENTS, "tasks": REPEAT.format(reset="false", range=VECTOR, changes="")},
            "what its events remember",
        ),
    ],
)
def test_what_is_not_done_is_named(
    run: Callable[..., Results], told: dict[str, str], why: str
) -> None:
    (refused, *_) = run(**told).refused
    assert why in refused


def test_reports_and_plots_are_written(run: Callable[..., Results], tmp_path: Path) -> None:
    curve = (
        '<curve id="c" name="A" logX="false" logY="false" xDataReference="t" yDataReference="y"/>'
    )
    plot = f'<plot2D id="../p"><listOfCurves>{curve}</listOfCurves></plot2D>'
    change = SET.format(target=K, math=MATH.format("<ci>r</ci>"))
    results = run(outputs=plot, tasks=REPEAT.format(reset="true", range=VECTOR, changes=change))
    table, picture = saving.save(results, tmp_path / "out")
    lines = table.read_text().splitlines()
    assert lines[0] == "run,t,y"
    assert lines[1].split(",") == ["1", "0.0", "8.0"]
    assert len(lines) == 1 + 2 * 9
    assert picture.parent == tmp_path / "out"
    assert "<svg" in picture.read_text()


_PHRASEDML = """
import sys, phrasedml
phrasedml.setReferencedSBML("model.xml", sys.stdin.read())
print(phrasedml.convertString('''
    theirs = model "model.xml"
    course = simulate uniform(0, 10, 20)
    once = run course on theirs
    scan = repeat once for theirs.k in [0.1, 0.4], reset=true
    report scan.time, scan.A
    plot "A" scan.time vs scan.A''') or phrasedml.getLastError())
"""


def test_what_phrasedml_writes_is_read(pack: Pack, antimony_sbml: Callable[[str], str]) -> None:
    model = antimony_sbml(MODEL)
    done = subprocess.run(
        [sys.executable, "-c", _PHRASEDML], input=model, check=True, capture_output=True, text=True
    )
    archive = unpacking.read(pack({"model.xml": model, "it.sedml": done.stdout}))
    results = running.run(archive, "it.sedml")
    assert results.refused == []
    (columns,) = results.reports.values()
    time, found = columns.values()
    for k, at, row in zip((0.1, 0.4), time, found, strict=True):
        assert row == pytest.approx(8 * np.exp(-k * at), rel=1e-6)


def test_archives_of_copasi_are_read(tmp_path: Path, antimony_sbml: Callable[[str], str]) -> None:
    import COPASI

    data = COPASI.CRootContainer.addDatamodel()
    assert data.importSBMLFromString(antimony_sbml(MODEL))
    task = data.getTask("Time-Course")
    task.setScheduled(True)
    task.getProblem().setDuration(4.0)
    task.getProblem().setStepNumber(8)
    path = tmp_path / "copasi.omex"
    assert data.exportCombineArchive(str(path), False, True, False, True, True, None, 3, 1)
    held = unpacking.read(path)
    assert held.experiments
    results = running.run(held, held.experiments[0])
    assert results.refused == ["The document asks for no output."]  # it writes plots that it has
    COPASI.CRootContainer.removeDatamodel(data)
