export default {
  testMatch: ['<rootDir>/dist/test/**/*.test.js'],
  testEnvironment: 'node',
  transform: {},
  testTimeout: 300_000, // for a host that stalls: no test takes as long where nothing else runs
  maxWorkers: 2, // what every host has; none of the tests is about speed
};
