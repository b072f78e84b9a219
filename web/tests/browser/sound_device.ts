import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';

// Firefox's sound graph does not run without a sound device, and servers have none: a PulseAudio of its own, with a sink that keeps time
// and plays nowhere.
export class SoundDevice {
    private readonly folder = mkdtempSync(join(tmpdir(), 'plenary-sound-'));
    private process: ChildProcess | undefined;

    /** The address for PULSE_SERVER, once it listens. */
    async start(): Promise<string> {
        const socket = join(this.folder, 'native');
        if (this.process?.exitCode === null) {
            return `unix:${socket}`;
        }
        const child = spawn(
            'pulseaudio',
            [
                '-n',
                '--daemonize=no',
                '--exit-idle-time=-1',
                '--use-pid-file=no',
                '--disable-shm=yes',
                '-L',
                'module-null-sink rate=48000',
                '-L',
                `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
            ],
            {
                stdio: 'ignore',
                env: { ...process.env, PULSE_RUNTIME_PATH: this.folder, PULSE_STATE_PATH: this.folder },
            },
        );
        this.process = child;
        await expect.poll(() => child.exitCode === null && existsSync(socket)).toBe(true);
        return `unix:${socket}`;
    }

    async stop(): Promise<void> {
        const child = this.process;
        if (child && child.exitCode === null) {
            const ended = new Promise((done) => child.once('exit', done));
            child.kill('SIGTERM');
            await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }
}
