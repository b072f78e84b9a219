"""A call for help is a conversation: who sees it, who answers, and that it is kept when the process ends."""
from plenary import Live, expect_problem, join, main, wait_ready


async def by_rest(server, live, path=""):
    async with server.http() as http:
        async with http.get(f"{server.url}/api/v1/meetings/demo{path}", headers={"Authorization": f"Bearer {live.token}"}) as response:
            assert response.status == 200, await response.text()
            return await response.json()


def told(live, kind):
    return [event for event in live.events if event["type"] == kind]


async def test_caller_and_helper_write_and_nobody_else_reads(server):
    chair, technician, moderator = await join(server, "chair"), await join(server, "technician"), await join(server, "moderator")
    delegate, other = await join(server, "delegate"), await join(server, server.token("delegate", delegation="ken"))
    await delegate.command("help.ask", reason="sound")
    asked = await delegate.event("help.changed", participant=delegate.me, state="asked")
    assert asked["data"]["reason"] == "sound", asked
    await delegate.command("help.say", text="Nobody  hears me")
    # To answer is to take, and the caller is told by whom.
    await technician.command("help.say", participant=delegate.me, suggestion="change_microphone")
    taken = await delegate.event("help.changed", participant=delegate.me, state="handled")
    assert taken["data"]["helper"] == technician.me, taken
    line = await delegate.event("help.said", suggestion="change_microphone")
    assert line["by"] == technician.me and line["data"]["participant"] == delegate.me, line
    refused = await expect_problem("conflict", moderator.command("help.say", participant=delegate.me, text="I too"))
    assert refused.problem["refusal"] == {"reason": "call_is_taken", "participant": technician.me}, refused.problem
    await moderator.command("help.handle", participant=delegate.me, state="handled", instead_of=technician.me)
    await moderator.command("help.say", participant=delegate.me, text="I too")
    await delegate.event("help.said", text="I too")
    await technician.event("help.said", text="I too")
    for live in (delegate, technician):
        assert [one["data"].get("text") for one in told(live, "help.said")] == ["Nobody hears me", None, "I too"], told(live, "help.said")
    # The chair is told that somebody calls, and of what is written nothing; another delegate is told neither, live, by snapshot and afterwards.
    last = (await by_rest(server, chair))["seq"]
    await chair.until(lambda: chair.seq >= last)
    await other.until(lambda: other.seq >= last)
    assert told(chair, "help.changed") and not told(chair, "help.said")
    assert not told(other, "help.changed") and not told(other, "help.said")
    for live, calls, lines in ((chair, 1, 0), (other, 0, 0), (delegate, 1, 3), (moderator, 1, 3)):
        state = (await by_rest(server, live))["meeting"]
        assert (len(state["help_calls"]), len(state["help_lines"])) == (calls, lines), (live.me, state["help_calls"], state["help_lines"])
        past = await by_rest(server, live, "/past/help")
        assert len([one for one in past["events"] if one["type"] == "help.said"]) == lines, past
    await moderator.command("help.handle", participant=delegate.me, state="none")
    await delegate.event("help.changed", participant=delegate.me, state="none")
    over = await expect_problem("conflict", delegate.command("help.say", text="once more"))
    assert over.problem["refusal"] == {"reason": "call_is_over"}, over.problem
    for live in (chair, technician, moderator, delegate, other):
        await live.close()


async def test_what_is_written_is_bounded(server):
    moderator, delegate = await join(server, "moderator"), await join(server, "delegate")
    await delegate.command("help.ask")
    refused = await expect_problem("invalid", delegate.command("help.say", text="я" * 301))
    assert refused.problem["refusal"] == {"reason": "text_too_long", "came": 301, "most": 300}, refused.problem
    await expect_problem("invalid", delegate.command("help.say", text=" \u200b "))
    await expect_problem("forbidden", delegate.command("help.say", suggestion="load_again"))
    await expect_problem("invalid", moderator.command("help.say", participant=delegate.me, suggestion="dance"))
    for _ in range(10):
        await delegate.command("help.say", text="я" * 300)
    refused = await expect_problem("too-many", delegate.command("help.say", text="more"))
    assert refused.problem["refusal"] == {"reason": "lines_too_fast"}, refused.problem
    await moderator.command("help.handle", participant=delegate.me, state="none")
    for live in (moderator, delegate):
        await live.close()


async def test_one_of_the_audience_writes_while_they_call(server):
    moderator, listener = await join(server, "moderator"), await join(server, server.token("listener"))
    refused = await expect_problem("conflict", listener.command("help.say", text="hello"))
    assert refused.problem["refusal"] == {"reason": "call_is_over"}, refused.problem
    await listener.command("help.ask", reason="documents")
    await moderator.event("help.changed", participant=listener.me, reason="documents")
    await listener.command("help.say", text="Where are they?")
    await moderator.command("help.say", participant=listener.me, suggestion="open_documents")
    await listener.event("help.said", suggestion="open_documents")
    await moderator.command("help.handle", participant=listener.me, state="none")
    await listener.event("participant.removed", participant=listener.me)
    assert not (await by_rest(server, moderator))["meeting"]["help_lines"]
    for live in (moderator, listener):
        await live.close()


async def test_it_is_kept_when_the_process_ends(server):
    moderator, delegate = await join(server, "moderator"), await join(server, "delegate")
    await delegate.command("help.ask", reason="picture")
    await moderator.command("help.say", participant=delegate.me, text="Which picture?")
    server.kill("control")
    await delegate.until(lambda: delegate.closed is not None)
    await wait_ready(server)
    again = await Live(server, delegate.token).open()
    call, line = again.snapshot["help_calls"][0], again.snapshot["help_lines"][0]
    assert (call["participant"], call["helper"], call["reason"]) == (delegate.me, moderator.me, "picture"), call
    assert line["author"] == moderator.me and line["text"] == "Which picture?", line
    await again.command("help.cancel")
    await again.close()
    for live in (moderator, delegate):
        await live.http.close()


main(globals())
