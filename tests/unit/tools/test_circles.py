"""Circles of calls are found, whoever stands in them."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))
import circles  # noqa: E402


class Circles(unittest.TestCase):
    def test_graphs(self):
        for graph, wanted in [
            ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
            ({"a": {"b"}, "b": {"a"}}, [["a", "b"]]),
            ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
            ({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}, [["a", "b"], ["c", "d"]]),
        ]:
            with self.subTest(graph=graph):
                self.assertEqual(circles.circles(graph), wanted)

    def test_objects(self):
        sources = {"one.c": "void two(void); void one(void) { two(); }", "two.c": "void one(void); void two(void) { one(); }",
                   "three.c": "void one(void); static void two(void) {} void three(void) { two(); one(); }"}
        with tempfile.TemporaryDirectory() as folder:
            files = {}
            for name, text in sources.items():
                path = Path(folder) / name
                path.write_text(text)
                files[name] = f"{path}.o"
                subprocess.run(["cc", "-c", str(path), "-o", files[name]], check=True)
            self.assertEqual(circles.needs(files), {"one.c": {"two.c"}, "two.c": {"one.c"}, "three.c": {"one.c"}})


if __name__ == "__main__":
    unittest.main()
