"""Which lines ask which capacity somebody has, where they should ask what it can do."""
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))
import lint_capacities  # noqa: E402


class Capacities(unittest.TestCase):
    def test_c(self):
        for wrong in ["if (person->capacity == CAPACITY_CHAIR) {", "bool same = a->capacity != b->capacity;", "case CAPACITY_LISTENER: break;",
                      "#define READERS (1u << CAPACITY_MODERATOR)", "struct wish wish = {.capacity = CAPACITY_DELEGATE};"]:
            self.assertEqual(lint_capacities.in_c(wrong), [1], wrong)
        for right in ["if (capacity_can(person->capacity, ABILITY_PRESIDES)) {", "return refuse(REFUSAL_CAPACITY_FORBIDS);", "// as CAPACITY_CHAIR",
                      "for (int i = 0; i < CAPACITY_COUNT; i++) {", "enum capacity capacity = wish->capacity;"]:
            self.assertEqual(lint_capacities.in_c(right), [], right)

    def test_page(self):
        for wrong in ["if (person.capacity === 'chair') {", "one.capacity !== other", "['chair', 'delegate'].includes(one.capacity)", "switch (capacity) {",
                      "capacity.value !== 'interpreter' &&", "const speaks = (person?.capacity ?? 'listener') === wanted;"]:
            self.assertEqual(lint_capacities.in_page(wrong), [1], wrong)
        for right in ["if (can(person.capacity, 'presides')) {", "text('capacity.interpreter_booth', {", "return iCan('has_desk');", "kind: 'chair' | 'moderator';",
                      "capacity !== null && deskOf(capacity)", "text(`capacity.${topic}`) ?? 'chair'"]:
            self.assertEqual(lint_capacities.in_page(right), [], right)

    def test_lines_are_counted(self):
        self.assertEqual(lint_capacities.in_c("/* CAPACITY_CHAIR\n */\nx = CAPACITY_CHAIR;\n"), [3])


if __name__ == "__main__":
    unittest.main()
