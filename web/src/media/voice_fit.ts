// Fits one's own voice to the line, by what is measured. It comes behind the entrance: a voice begins with what a narrow line carries.
import { limitVoice, type Peer } from './peer.ts';
import { type VoiceFacts, VoiceRate } from './voice_rate.ts';

const rates = new WeakMap<Peer, VoiceRate>();

export async function fitVoice(peer: Peer, facts: VoiceFacts): Promise<void> {
    const rate = rates.get(peer) ?? new VoiceRate();
    rates.set(peer, rate);
    const bits = rate.step(facts);
    peer.lineIsWide = rate.isWhole;
    if (bits !== peer.voiceBits) {
        peer.voiceBits = bits;
        await limitVoice(peer);
    }
}
