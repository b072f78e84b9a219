// What should be arriving at this page's sound slots by the meeting's state: whose microphone is open and not said to be silent. Pure.
import type { Channel, Feed, Meeting, SlotName } from '../contract/generated.ts';
import { placeOf } from './own_desk.ts';

function feedSource(feed: Feed | undefined): string {
    return feed?.sound === true ? `feed ${feed.id}` : '';
}

/** The name of what a channel's slot should carry; empty for nothing, or for what may rest. The floor has slots of its own. */
export function channelSource(now: Meeting, channel: Channel | null, own: string): string {
    if (channel === null || channel.state !== 'interpreted') {
        return '';
    }
    if ((channel.feed ?? '') !== '') {
        return feedSource(now.feeds.find((one) => one.id === channel.feed));
    }
    const holder = now.participants.find((one) => one.id === channel.holder);
    const silent = placeOf(now, holder?.id)?.desk.silence !== undefined;
    return holder === undefined || holder.id === own || holder.microphone !== 'on' || silent ? '' : holder.id;
}

/** What is due on the slots of the floor, and on the one on which a channel is heard. One's own voice never comes back. */
export function dueSlots(
    now: Meeting,
    own: string,
    heard: { slot: SlotName; channel: Channel | null },
): ReadonlyMap<SlotName, string> {
    const due = new Map<SlotName, string>();
    const put = (slot: SlotName, source: string): void => {
        due.delete(slot);
        if (source !== '') {
            due.set(slot, source);
        }
    };
    for (const { participant, position, silence } of now.floor) {
        const delivers = participant !== own && silence === undefined;
        put(position === 1 ? 'floor_1' : 'floor_2', delivers ? participant : '');
    }
    for (const feed of now.feeds.filter((one) => one.target === 'floor' && one.position > 0)) {
        put(feed.position === 1 ? 'floor_1' : 'floor_2', feedSource(feed));
    }
    put(heard.slot, channelSource(now, heard.channel, own));
    return due;
}
