"""How long interventions may last: who says it, what the others are told, and that it is kept when the process ends."""
from plenary import Live, expect_problem, join, main, wait_ready


def said(state):
    return {(one.get("item", ""), one["kind"]): one["seconds"] for one in state["speaking_times"]}


async def by_rest(server, live):
    async with server.http() as http:
        headers = {"Authorization": f"Bearer {live.token}"}
        async with http.get(f"{server.url}/api/v1/meetings/demo", headers=headers) as response:
            assert response.status == 200, await response.text()
            return (await response.json())["meeting"]


async def test_the_chair_and_the_secretary_say_it_and_everybody_is_told(server):
    chair, secretary, delegate = await join(server, "chair"), await join(server, "secretary"), await join(server, "delegate")
    item = chair.snapshot["agenda"][0]["id"]
    assert said(chair.snapshot) == {}
    await chair.command("time.allow", item=item, kind="observer", seconds=120)
    told = await delegate.event("time.allowed")
    assert told["by"] == chair.me and told["data"]["speaking_time"] == {"id": 1, "item": item, "kind": "observer", "seconds": 120}, told
    await secretary.command("time.allow", kind="everybody", seconds=300)
    general = await delegate.event("time.allowed", since=told["seq"])
    assert general["on_behalf_of_chair"] is True and "item" not in general["data"]["speaking_time"], general
    await chair.command("time.allow", item=item, kind="observer", seconds=90)
    changed = await delegate.event("time.changed")
    assert changed["data"]["speaking_time"]["id"] == 1 and changed["data"]["speaking_time"]["seconds"] == 90, changed
    late = await join(server, "listener")
    for state in (late.snapshot, await by_rest(server, delegate)):
        assert said(state) == {(item, "observer"): 90, ("", "everybody"): 300}, state["speaking_times"]
    await chair.command("time.allow", item=item, kind="observer", seconds=0, as_wider=True)
    assert (await delegate.event("time.lifted"))["data"] == {"speaking_time": 1}
    assert said(await by_rest(server, delegate)) == {("", "everybody"): 300}
    for live in (chair, secretary, delegate, late):
        await live.close()


async def test_nobody_else_says_it_and_nothing_else_is_taken(server):
    chair = await join(server, "chair")
    for role in ("delegate", "listener", "technician"):
        live = await join(server, role)
        refusal = await expect_problem("forbidden", live.command("time.allow", kind="everybody", seconds=60))
        assert refusal.problem["refusal"] == {"reason": "capacity_forbids"}, refusal.problem
        await live.close()
    unknown = await expect_problem("not-found", chair.command("time.allow", item="none", kind="everybody", seconds=60))
    assert unknown.problem["refusal"] == {"reason": "no_such_item"}, unknown.problem
    for data in ({"kind": "everybody", "seconds": 7201}, {"kind": "everybody", "seconds": -1}, {"kind": "guests", "seconds": 60}, {"seconds": 60}):
        await expect_problem("invalid", chair.command("time.allow", **data))
    await chair.close()


async def test_it_is_kept_when_the_process_ends(server):
    chair = await join(server, "chair")
    item = chair.snapshot["agenda"][0]["id"]
    await chair.command("time.allow", item=item, kind="member", seconds=180)
    await chair.command("time.allow", kind="sector", seconds=0)
    held = said(await by_rest(server, chair))
    server.kill("control")
    await chair.until(lambda: chair.closed is not None)
    await wait_ready(server)
    again = await Live(server, chair.token).open()
    assert said(again.snapshot) == held and held[(item, "member")] == 180 and held[("", "sector")] == 0, again.snapshot["speaking_times"]
    await again.close()
    await chair.http.close()


main(globals())
