// What a technician did last to a channel, and what takes it back. Pure.
import type { Channel, Commands } from '../contract/generated.ts';

type Name = 'channel.force' | 'channel.release' | 'channel.auto_floor' | 'channel.delay';

/** One of the technician's commands to a channel. */
export type ChannelAct = { [N in Name]: { name: N; data: Commands[N] } }[Name];

function byHand(channel: Channel): boolean {
    return channel.forced === true;
}

function routeOf(channel: Channel): ChannelAct | null {
    const { id, holder, reason } = channel;
    if (id === 'floor') {
        return null; // it is not routed by hand
    }
    const participant = holder ? { participant: holder } : {};
    return byHand(channel)
        ? { name: 'channel.force', data: { channel: id, ...participant, ...(reason ? { reason } : {}) } }
        : { name: 'channel.release', data: { channel: id } };
}

/** What makes the channel again what it was `before`; null where nothing would change. */
export function inverse(before: Channel, act: ChannelAct): ChannelAct | null {
    switch (act.name) {
        case 'channel.force':
            return routeOf(before);
        case 'channel.release':
            return byHand(before) ? routeOf(before) : null;
        case 'channel.auto_floor':
            return before.auto_floor === act.data.on
                ? null
                : { name: act.name, data: { channel: act.data.channel, on: before.auto_floor } };
        case 'channel.delay':
            return (before.delay_ms ?? 0) === act.data.delay_ms
                ? null
                : {
                      name: act.name,
                      data: { channel: act.data.channel, delay_ms: before.delay_ms ?? 0 },
                  };
    }
}

/** Whether the channel is still as the command made it: else somebody, or the meeting itself, has gone on. */
export function stands(channel: Channel, act: ChannelAct): boolean {
    switch (act.name) {
        case 'channel.force':
            return byHand(channel) && (channel.holder ?? '') === (act.data.participant ?? '');
        case 'channel.release':
            return !byHand(channel);
        case 'channel.auto_floor':
            return channel.auto_floor === act.data.on;
        case 'channel.delay':
            return (channel.delay_ms ?? 0) === act.data.delay_ms;
    }
}
