"""Which lines refuse by an English sentence, where they should refuse by a reason of the contract."""
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "tools"))
import lint_refusals  # noqa: E402


class Refusals(unittest.TestCase):
    def test_c(self):
        for wrong in ['*ret_detail = "no room for another session";', 'struct problem problem = {.err = ERR_FULL, .detail = "No room."};',
                      'refuse(call, ERR_MALFORMED, "The body is no SDP fragment.", 0);', 'door_refuse(app, door,\n    ERR_FULL, "no room here");']:
            self.assertEqual(lint_refusals.in_c(wrong), [1], wrong)
        for right in ["return refuse(REFUSAL_FEED_TAKEN, 0, ret_refusal);", ".detail = answer->detail", 'LOG_TEXT("detail", words)', 'refuse(api, entry, NULL, id, err, "stream");\nmisbehave(api, "too many");',
                      '// detail = "of old"', 'log_event(LOG_INFO, "door.refused", LOG_TEXT("name", door->name));']:
            self.assertEqual(lint_refusals.in_c(right), [], right)

    def test_page(self):
        for wrong in ["say(problem.title);", "<p>{problemOf(thrown).message}</p>", "text(key, { detail: problem?.title })"]:
            self.assertEqual(lint_refusals.in_page(wrong), [1], wrong)
        for right in ["problemWords(problem)", "problem.kind", "document.title"]:
            self.assertEqual(lint_refusals.in_page(right), [], right)

    def test_lines_are_counted(self):
        self.assertEqual(lint_refusals.in_c('int a;\n/* x\n */\n.detail = "No."'), [4])


if __name__ == "__main__":
    unittest.main()
