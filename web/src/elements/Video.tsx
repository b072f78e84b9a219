// A picture, whole: whatever its shape and that of its place, nobody's head is cut. Sound never comes from here: it goes through the sound graph.

import { useEffect, useRef } from 'preact/hooks';
import { adopt } from '../styles/adopt.ts';
import styles from './Video.css?inline';

adopt(styles);

interface VideoProps {
    stream: MediaStream | null;
    label: string;
    // One's own camera is shown as a mirror does.
    mirrored?: boolean;
}

export function Video({ stream, label, mirrored = false }: VideoProps) {
    const element = useRef<HTMLVideoElement>(null);
    useEffect(() => {
        const video = element.current;
        if (video === null) {
            return;
        }
        video.srcObject = stream;
        if (stream !== null) {
            video.play().catch(() => {
                // Refused until the first press anywhere; the attribute autoplay then starts it.
            });
        }
        return () => {
            video.srcObject = null;
        };
    }, [stream]);
    return (
        <video
            ref={element}
            class={`video${mirrored ? ' video-mirrored' : ''}`}
            aria-label={label}
            autoPlay
            playsInline
            muted
        />
    );
}
