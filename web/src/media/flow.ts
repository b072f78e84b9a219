// The few counters that tell whether sound goes through: packets received on each slot, packets sent of the microphone, and the server's
// reports on it. Read more often than the statistics, and therefore no more of them than is needed.
import type { SlotName } from '../contract/generated.ts';
import type { Peer } from './peer.ts';

export interface FlowCounters {
    packets: Partial<Record<SlotName, number>>;
    sent: number;
    report: string;
}

// Fields of webrtc-stats that are read here.
interface Report {
    type: string;
    packetsReceived?: number;
    packetsSent?: number;
    timestamp?: number;
    roundTripTimeMeasurements?: number;
}

/** Of the named slots; of the microphone only when it is `open`. */
export async function readFlow(peer: Peer, slots: Iterable<SlotName>, open: boolean): Promise<FlowCounters> {
    const packets: FlowCounters['packets'] = {};
    const received = [...slots].map(async (slot) => {
        packets[slot] = await readReceived(peer.receivers.get(slot));
    });
    const [sent] = await Promise.all([
        readSent(open ? peer.senders.get('microphone') : undefined),
        ...received,
    ]);
    return { packets, ...sent };
}

async function readReceived(receiver: RTCRtpReceiver | undefined): Promise<number> {
    let packets = 0;
    (await receiver?.getStats())?.forEach((one: Report) => {
        packets += one.type === 'inbound-rtp' ? (one.packetsReceived ?? 0) : 0;
    });
    return packets;
}

async function readSent(sender: RTCRtpSender | undefined): Promise<Omit<FlowCounters, 'packets'>> {
    let sent = 0;
    let report = '';
    (await sender?.getStats())?.forEach((one: Report) => {
        if (one.type === 'outbound-rtp') {
            sent += one.packetsSent ?? 0;
        } else if (one.type === 'remote-inbound-rtp') {
            // The time at which it came.
            report = `${one.timestamp ?? 0} ${one.roundTripTimeMeasurements ?? 0}`;
        }
    });
    return { sent, report };
}
