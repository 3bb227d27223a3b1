/** A result may be published: nothing in it tells which host, whose, or where on it. */
import { readFileSync } from 'node:fs';
import { homedir, hostname, networkInterfaces, tmpdir, userInfo } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { environmentFacts } from '../../../lib/bench/host/environment.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { Recorder } from '../../../lib/bench/result/recorder.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { resultText } from '../../../lib/bench/result/result-file.js';
import { packageFolder, packageVersion } from '../../../lib/package-facts.js';
import { hostTree, X86_GUEST } from '../fixtures/host-tree.js';
import { scriptedSettings } from '../fixtures/scripted.js';

function readIfThere(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8').trim()];
  } catch {
    return [];
  }
}

/** What identifies the host that runs the tests. Names that are words of every host, such as root, tell nothing. */
function identities(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ internal }) => !internal).flatMap(({ address, mac }) => [address, mac]),
  );
  const files = [
    '/etc/machine-id',
    '/proc/cmdline',
    '/proc/sys/kernel/random/boot_id',
    '/sys/class/dmi/id/product_serial',
    '/sys/class/dmi/id/product_uuid',
    '/sys/class/dmi/id/board_serial',
    '/sys/class/dmi/id/chassis_serial',
  ].flatMap(readIfThere);
  const folders = [homedir(), process.cwd(), tmpdir(), packageFolder(), process.execPath];
  const common = ['root', 'localhost', 'linux', 'node', 'user'];
  return [hostname(), userInfo().username, ...addresses, ...files, ...folders].filter(
    (name) => name.length > 3 && !common.includes(name),
  );
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)]);
}

/** Things that would tell, whatever the host. Files in which Linux describes itself are the same on all hosts. */
const TELLING: Readonly<Record<string, RegExp>> = {
  'an address of IPv4': /\b(?:\d{1,3}\.){3}\d{1,3}\b/,
  'an address of IPv6': /\b(?:[0-9a-f]{1,4}:){4,}/i,
  'an address of a network card': /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/i,
  'a UUID': /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i,
  'a path': /(?:^|[\s=:,;("'`])\/(?!(?:proc|sys|dev|run)\b)[\w.-]+\//,
};

function tellingParts(document: ResultDocument): string[] {
  const { release: _release, ...kernel } = document.machine.kernel as unknown as Record<string, unknown>;
  const strings = stringsOf({ ...document, machine: { ...document.machine, kernel } });
  return Object.entries(TELLING).flatMap(([what, pattern]) =>
    strings.flatMap((text) => (pattern.test(text) ? [`${what}: ${text}`] : [])),
  );
}

const SECRETS = {
  'etc/hostname': 'secret-host\n',
  'etc/machine-id': `${'5ec3e7'.repeat(5)}aa\n`,
  'proc/cmdline': 'BOOT_IMAGE=/secret-vmlinuz root=UUID=secret-root swiotlb=262144,force ip=10.11.12.13 quiet\n',
  'proc/sys/kernel/hostname': 'secret-host\n',
  'proc/version': 'Linux version 6.12.1 (secret-user@secret-host) (gcc 13.2.0)\n',
  'sys/class/dmi/id/product_serial': 'secret-serial\n',
  'sys/class/dmi/id/product_uuid': 'secret-uuid\n',
  'sys/class/dmi/id/board_asset_tag': 'secret-tag\n',
  'sys/class/net/eth0/address': '02:11:22:33:44:55\n',
  'proc/self/cgroup': '0::/user.slice/secret-user.slice\n',
  'proc/modules': 'secret_module 16384 0 - Live 0x0\n',
  'secret-home/pkg/.git': 'gitdir: /secret-home/main/.git/worktrees/pkg\n',
  'secret-home/main/.git/worktrees/pkg/HEAD': 'ref: refs/heads/secret-branch\n',
};

describe('a result', () => {
  it('of this host names neither it, nor a user, nor a folder, nor an address', () => {
    const environment = environmentFacts({ packageFolder: packageFolder(), version: packageVersion() });
    const document = new Recorder(hostFacts(), environment, scriptedSettings()).document({
      complete: true,
      interrupted: false,
    });
    const text = resultText(document);
    expect(identities().filter((name) => text.includes(name))).toEqual([]);
    expect(tellingParts(document)).toEqual([]);
  });

  it('says nothing of a host on which everything has a name', () => {
    const root = hostTree({ ...X86_GUEST, ...SECRETS });
    const environment = environmentFacts({
      root,
      packageFolder: '/secret-home/pkg',
      version: '1.2.3',
      variables: { KUBERNETES_SERVICE_HOST: 'secret-host', HOSTNAME: 'secret-host' },
      flags: {
        execArgv: ['--import=/secret-home/a.mjs', '--title=secret-title'],
        nodeOptions: '--require "/secret-home/b.cjs" --diagnostic-dir=/secret-home',
      },
    });
    const document = new Recorder(hostFacts({ root }), environment, scriptedSettings()).document({
      complete: true,
      interrupted: false,
    });
    const text = resultText(document);
    expect(text.match(/[^\n]*(?:secret|5ec3e7|10\.11|02:11)[^\n]*/g) ?? []).toEqual([]);
    expect(tellingParts(document)).toEqual([]);
  });
});
