/**
 * Names of arm64 and arm CPUs by the numbers in their main id register: implementer, part and variant, which Arm and
 * the implementers publish. A part number means nothing without its implementer. Pure.
 */

interface Implementer {
  readonly name: string;
  /** Part number in hexadecimal and name, for each part. */
  readonly parts: string;
}

const IMPLEMENTERS: Readonly<Record<number, Implementer>> = {
  65: {
    name: 'ARM',
    parts:
      '810=ARM810 920=ARM920 922=ARM922 926=ARM926 940=ARM940 946=ARM946 966=ARM966 a20=ARM1020 a22=ARM1022 ' +
      'a26=ARM1026 b02=ARM11-MPCore b36=ARM1136 b56=ARM1156 b76=ARM1176 ' +
      'c05=Cortex-A5 c07=Cortex-A7 c08=Cortex-A8 c09=Cortex-A9 c0d=Cortex-A17 c0e=Cortex-A17 c0f=Cortex-A15 ' +
      'c14=Cortex-R4 c15=Cortex-R5 c17=Cortex-R7 c18=Cortex-R8 ' +
      'c20=Cortex-M0 c21=Cortex-M1 c23=Cortex-M3 c24=Cortex-M4 c27=Cortex-M7 c60=Cortex-M0+ ' +
      'd01=Cortex-A32 d02=Cortex-A34 d03=Cortex-A53 d04=Cortex-A35 d05=Cortex-A55 d06=Cortex-A65 d07=Cortex-A57 ' +
      'd08=Cortex-A72 d09=Cortex-A73 d0a=Cortex-A75 d0b=Cortex-A76 d0c=Neoverse-N1 d0d=Cortex-A77 d0e=Cortex-A76AE ' +
      'd13=Cortex-R52 d15=Cortex-R82 d16=Cortex-R52+ d20=Cortex-M23 d21=Cortex-M33 d22=Cortex-M55 d23=Cortex-M85 ' +
      'd24=Cortex-M52 d40=Neoverse-V1 d41=Cortex-A78 d42=Cortex-A78AE d43=Cortex-A65AE d44=Cortex-X1 ' +
      'd46=Cortex-A510 d47=Cortex-A710 d48=Cortex-X2 d49=Neoverse-N2 d4a=Neoverse-E1 d4b=Cortex-A78C ' +
      'd4c=Cortex-X1C d4d=Cortex-A715 d4e=Cortex-X3 d4f=Neoverse-V2 d80=Cortex-A520 d81=Cortex-A720 d82=Cortex-X4 ' +
      'd83=Neoverse-V3AE d84=Neoverse-V3 d85=Cortex-X925 d87=Cortex-A725 d88=Cortex-A520AE d89=Cortex-A720AE ' +
      'd8a=C1-Nano d8b=C1-Pro d8c=C1-Ultra d8e=Neoverse-N3 d8f=Cortex-A320 d90=C1-Premium',
  },
  66: { name: 'Broadcom', parts: '00f=Brahma-B15 100=Brahma-B53 516=ThunderX2' },
  67: {
    name: 'Cavium',
    parts:
      '0a0=ThunderX 0a1=ThunderX-88XX 0a2=ThunderX-81XX 0a3=ThunderX-83XX 0af=ThunderX2-99xx 0b0=OcteonTX2 ' +
      '0b1=OcteonTX2-98XX 0b2=OcteonTX2-96XX 0b3=OcteonTX2-95XX 0b4=OcteonTX2-95XXN 0b5=OcteonTX2-95XXMM ' +
      '0b6=OcteonTX2-95XXO 0b8=ThunderX3-T110',
  },
  68: { name: 'DEC', parts: 'a10=SA110 a11=SA1100' },
  70: { name: 'Fujitsu', parts: '001=A64FX 003=MONAKA' },
  72: {
    name: 'HiSilicon',
    parts: 'd01=Kunpeng-920 d02=TaiShan-v120 d40=Cortex-A76 d41=Cortex-A77',
  },
  73: { name: 'Infineon', parts: '' },
  77: { name: 'Motorola', parts: '' },
  78: { name: 'NVIDIA', parts: '000=Denver 003=Denver-2 004=Carmel 010=Olympus' },
  80: { name: 'APM', parts: '000=X-Gene' },
  81: {
    name: 'Qualcomm',
    parts:
      '001=Oryon 00f=Scorpion 02d=Scorpion 04d=Krait 06f=Krait 201=Kryo 205=Kryo 211=Kryo 800=Falkor-V1/Kryo ' +
      '801=Kryo-V2 802=Kryo-3XX-Gold 803=Kryo-3XX-Silver 804=Kryo-4XX-Gold 805=Kryo-4XX-Silver c00=Falkor c01=Saphira',
  },
  83: { name: 'Samsung', parts: '001=Exynos-M1 002=Exynos-M3 003=Exynos-M4 004=Exynos-M5' },
  86: { name: 'Marvell', parts: '131=Feroceon-88FR131 581=PJ4/PJ4b 584=PJ4B-MP' },
  97: {
    name: 'Apple',
    parts:
      '000=Swift 001=Cyclone 002=Typhoon 003=Typhoon-A8X 004=Twister 005=Twister-A9X 006=Hurricane ' +
      '007=Hurricane-A10X 008=Monsoon 009=Mistral 00b=Vortex 00c=Tempest 00f=Tempest-M9 010=Vortex-A12X ' +
      '011=Tempest-A12X 012=Lightning 013=Thunder 020=Icestorm-A14 021=Firestorm-A14 022=Icestorm-M1 ' +
      '023=Firestorm-M1 024=Icestorm-M1-Pro 025=Firestorm-M1-Pro 026=Thunder-M10 028=Icestorm-M1-Max ' +
      '029=Firestorm-M1-Max 030=Blizzard-A15 031=Avalanche-A15 032=Blizzard-M2 033=Avalanche-M2 ' +
      '034=Blizzard-M2-Pro 035=Avalanche-M2-Pro 036=Sawtooth-A16 037=Everest-A16 038=Blizzard-M2-Max ' +
      '039=Avalanche-M2-Max',
  },
  102: { name: 'Faraday', parts: '526=FA526 626=FA626' },
  105: {
    name: 'Intel',
    parts:
      '200=i80200 210=PXA250A 212=PXA210A 242=i80321-400 243=i80321-600 290=PXA250B/PXA26x 292=PXA210B ' +
      '2c2=i80321-400-B0 2c3=i80321-600-B0 2d0=PXA250C/PXA255/PXA26x 2d2=PXA210C 411=PXA27x 41c=IPX425-533 ' +
      '41d=IPX425-400 41f=IPX425-266 682=PXA32x 683=PXA930/PXA935 688=PXA30x 689=PXA31x b11=SA1110 c12=IPX1200',
  },
  109: { name: 'Microsoft', parts: 'd49=Azure-Cobalt-100' },
  112: {
    name: 'Phytium',
    parts: '303=FTC310 660=FTC660 661=FTC661 662=FTC662 663=FTC663 664=FTC664 862=FTC862',
  },
  192: { name: 'Ampere', parts: 'ac3=Ampere-1 ac4=Ampere-1a ac5=Ampere-1b' },
};

/** Cores that are made to be the small ones beside larger ones. */
const SMALL = new Set(
  (
    'Cortex-A7 Cortex-A32 Cortex-A34 Cortex-A35 Cortex-A53 Cortex-A55 Cortex-A510 Cortex-A520 Cortex-A320 C1-Nano ' +
    'Kryo-V2 Kryo-3XX-Silver Kryo-4XX-Silver Mistral Tempest Tempest-A12X Thunder'
  ).split(' '),
);
const SMALL_OF_APPLE = /^(?:Icestorm|Blizzard|Sawtooth)-/;

let names: ReadonlyMap<string, string> | undefined;

/** Names of the parts by implementer and number. Made at the first use, because most hosts have no such part. */
function namesOfParts(): ReadonlyMap<string, string> {
  names ??= new Map(
    Object.entries(IMPLEMENTERS).flatMap(([implementer, { parts }]) =>
      parts.split(' ').map((entry): [string, string] => {
        const [part, name] = entry.split('=');
        return [`${implementer}/${Number.parseInt(part!, 16)}`, name!];
      }),
    ),
  );
  return names;
}

/** Returns the number of parts that have a name here. */
export function namedArmParts(): number {
  return Object.values(IMPLEMENTERS).flatMap(({ parts }) => parts.match(/=/g) ?? []).length;
}

/** Name of an implementer; null for an unknown one. */
export function armImplementer(implementer: number): string | null {
  return IMPLEMENTERS[implementer]?.name ?? null;
}

/** Name of a part of an implementer; null for an unknown one. The variant matters where one number had two designs. */
export function armPart(implementer: number, part: number, variant: number | null): string | null {
  if (implementer === 83 && part === 1 && variant === 4) return 'Exynos-M2';
  return namesOfParts().get(`${implementer}/${part}`) ?? null;
}

/** Whether this is the name of a core that is made to be the small one beside larger ones. */
export function isSmallArmCore(name: string): boolean {
  return SMALL.has(name) || SMALL_OF_APPLE.test(name);
}
