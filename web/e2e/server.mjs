import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const repository = join(import.meta.dirname, '..', '..');

/**
 * Starts a program and waits for a line of it that has an address in it.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {'stdout' | 'stderr'} from
 * @param {RegExp} announced
 */
async function start(program, args, from, announced) {
  const process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {string[]} */
  const said = [];
  /** @type {Promise<string>} */
  const address = new Promise((resolve, reject) => {
    for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
      createInterface(process[stream]).on('line', (line) => {
        said.push(line);
        const found = stream === from && announced.exec(line);
        if (found) resolve(found[1] ?? '');
      });
    }
    process.once('exit', () => reject(new Error(`${program} has ended:\n${said.join('\n')}`)));
  });
  const stop = async () => {
    if (process.exitCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGTERM');
    await ended;
  };
  return { address: await address, stop };
}

/** Builds the programs, once for all tests of a file. */
function build() {
  if (built) return built;
  const folder = mkdtempSync(join(tmpdir(), 'loadline-e2e-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  built = { loadline: join(folder, 'loadline'), standin: join(folder, 'standin') };
  execFileSync('go', ['build', '-buildvcs=false', '-o', built.loadline, '.'], { cwd: repository });
  execFileSync('go', ['build', '-buildvcs=false', '-o', built.standin, './bench/standin/cmd'], { cwd: repository });
  return built;
}

/** @type {{ loadline: string, standin: string } | undefined} */
let built;

/**
 * Starts a server of its own with an empty database, and a stand-in for the
 * sources that serves its own sample records.
 *
 * @param {string[]} flags
 */
export async function serve(...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-e2e-'));
  const { loadline, standin } = build();
  const sources = await start(standin, ['--listen', '127.0.0.1:0'], 'stdout', /^(http:\S+)/);
  const urls = ['osv', 'epss', 'kev', 'depsdev'].flatMap((source) => [`--${source}-url`, sources.address]);
  const listen = (/** @type {string} */ at, /** @type {string[]} */ more) => (
    start(loadline, ['serve', '--listen', at, '--database', join(folder, 'loadline.db'), ...urls, ...more], 'stderr', /msg=serving url=(http:\S+)/)
  );
  let server = await listen('127.0.0.1:0', flags);
  const { address } = server;
  return {
    address,
    /**
     * Starts it again at the same address with the same database, and other flags.
     *
     * @param {string[]} more
     */
    async restart(...more) {
      await server.stop();
      server = await listen(new URL(address).host, more);
    },
    /**
     * Has the sources fail as the rules of the stand-in say, such as "epss=hang",
     * and as they did before no more: calls that hang are let go.
     *
     * @param {string[]} faults
     */
    async fault(...faults) {
      const answer = await fetch(`${sources.address}/__control`, { method: 'POST', body: JSON.stringify({ clearFaults: true, faults }) });
      if (!answer.ok) throw new Error(`the sources answered ${answer.status}: ${await answer.text()}`);
    },
    async stop() {
      await server.stop();
      await sources.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
