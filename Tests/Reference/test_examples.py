"""Every example of the page, run as it is printed.

The answer has a status that is documented as a success.
"""

import re
import subprocess

from reader import Reader

PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def bash(script, folder, variables):
    return subprocess.run(["bash", "-euc", script], cwd=folder, env=PATH | variables, capture_output=True, text=True)


def fill_in(reader, given, example):
    """Returns the given variables and the other variables that the example contains."""
    return given | {name: reader[name] for name in Reader.VARIABLES if name not in given and re.search(rf"\b{name}\b", example)}


def test_every_example_works_in_bash_with_curl(stack, sections, tmp_path):
    start, *routes = sections
    wrong, count = [], 0
    for route in routes:
        for number, example in enumerate(route.examples["bash"]):
            reader, folder = Reader(stack), tmp_path / f"{route.id}-{number}"
            folder.mkdir()
            given = {"EMAIL": reader.email(), "PASSWORD": reader.password()}
            setup = bash("\n".join(start.examples["bash"]) + '\necho "$TOKEN $ACCESS_TOKEN $CSRF"', folder, given)
            given["TOKEN"], given["ACCESS_TOKEN"], given["CSRF"] = setup.stdout.split()
            reader.adopt(re.search(r"consulate_session\t(\S+)", (folder / "cookies.txt").read_text())[1], given["CSRF"])
            # The example is unchanged. Its curl also prints the status.
            curl = "curl() { command curl -sS -o body -w '%{http_code}' \"$@\"; }\n"
            answer = bash(curl + example, folder, fill_in(reader, given, example))
            count += 1
            if answer.stdout not in map(str, route.successes):
                wrong.append(f"{route.id}: {answer.stdout} {answer.stderr}")
    assert wrong == [] and count >= len(routes) > 40


def test_every_example_works_in_a_browser_with_fetch(chromium, stack, sections):
    start, *routes = sections
    wrong, count = [], 0
    for route in routes:
        for example in route.examples["javascript"]:
            reader, context = Reader(stack), chromium.new_context()
            page = context.new_page()
            page.goto(stack.base_url + "/up")
            given = {"EMAIL": reader.email(), "PASSWORD": reader.password()}
            setup = "\n".join(start.examples["javascript"])
            given |= page.evaluate(f"async ({{ EMAIL, PASSWORD }}) => {{ {setup}\nreturn {{ TOKEN, ACCESS_TOKEN, CSRF }}; }}", given)
            cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
            reader.adopt(cookies["consulate_session"], given["CSRF"])
            given = fill_in(reader, given, example)
            status = page.evaluate(f"async ({{ {', '.join(given)} }}) => {{ {example}\nreturn response.status; }}", given)
            count += 1
            if status not in route.successes:
                wrong.append(f"{route.id}: {status}")
            context.close()
    assert wrong == [] and count >= len(routes) > 40
