#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "eprop/comm/communicator.hpp"
#include "eprop/inputs.hpp"
#include "eprop/network.hpp"
#include "eprop/recording.hpp"
#include "eprop/spike_events.hpp"
#include "eprop/statistics.hpp"
#include "eprop/step.hpp"
#include "eprop/weights.hpp"

namespace eprop {

/// The user_data that Simulation::save_checkpoint() has kept in a file. Not collective.
/// CheckpointError if the file cannot be read or is damaged.
[[nodiscard]] std::string read_user_data(const std::string& checkpoint);

/// From which update interval on (bsshslm_2020) a learning rate is in force: those that begin from
/// now on, or the one that has begun, too.
enum class RateChange { next_interval, running_interval };

/// Who does the work that a rank's threads have in a step. They meet once a step, which may take
/// longer than a step of a small network takes one thread.
enum class ThreadUse {
  measured,  ///< each its own, or the first all of it: what is faster, as found out now and then
  all,       ///< each its own
  one,       ///< the first all of it
  drawn,     ///< as a hash of the step has it: for tests that it does not matter
};

/// How a simulation uses the ranks of its communicator. The results do not depend on it.
struct SimulationOptions {
  /// OpenMP threads on each rank, from 1 to 1024, the same number on all.
  int threads = 1;
  /// Copies of the network that simulate the samples of a batch side by side: networks of some
  /// hundred neurons, which gain nothing from being cut into parts, gain from that
  /// (docs/replicas.md). Each is cut over as many ranks, and the threads of each; or, with as many
  /// replicas as threads on all ranks, none is cut. At most half the samples of a batch; 1: samples
  /// are simulated one after the other.
  int replicas = 1;
  /// Need not be the same on all ranks. Without effect where each thread has a replica of its own.
  ThreadUse thread_use = ThreadUse::measured;
};

/// Replicas for so many ranks and threads.
struct ReplicaChoice {
  int replicas = 1;
  std::string reason;  ///< why they are not as many as the threads on all ranks, if so
};
/// As many replicas as a network allows on so many ranks, of so many threads each. 1 where samples
/// depend on each other, and where the gradients of a batch, which are kept for all its samples,
/// might take more than 1 GiB on a rank. InvalidParameter unless there are ranks, and threads from
/// 1 to 1024, and if the network cannot be simulated.
[[nodiscard]] ReplicaChoice most_replicas(const Network& network, int ranks, int threads);

/// What Simulation::record() and state() take of a population of such neurons: names, with units.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> recordable_variables(
    const NeuronModel& model);

/// Simulates a Network on all ranks of a communicator.
///
/// All functions but step(), checkpoint_is_possible(), phase_seconds(), statistics() and
/// exchange_interval() are collective: every rank calls them in the same order with the same
/// arguments, and gets the same results, which do not depend on the number of ranks, threads and
/// replicas. The constructor and the destructor are collective too, the latter as long as an output
/// file is open.
///
/// Errors in what is asked for throw InvalidParameter on all ranks and change nothing. While an
/// output file is open, OutputError comes from every function that writes to it: run(),
/// record...(), write_output...(), append_output(), flush_output(), save_checkpoint(),
/// close_output(). CheckpointError comes from save_checkpoint() and load_checkpoint(), both from
/// load_weights(). Diverged comes from run(), weights(), set_weights() of a matrix and
/// save_checkpoint(), on all ranks with the same message, if a weight or the gradient it follows, a
/// membrane potential, an error signal or a tracked loss is not finite: such weights are never
/// returned by weights() or saved in a checkpoint, and run() ends some 1000 steps after the first
/// at the latest; until then recordings have such numbers too. After Diverged, or an exception from
/// run(), a simulation can only be destroyed.
///
/// On a communicator of comm::make_dry_run() InvalidParameter comes from all functions that need
/// what other ranks have: weights(), set_weights(), load_weights(), synapses_at_bounds(), state(),
/// track_loss(), record...(), keep_transmitted_weights(), open_output(), continue_output(),
/// save_checkpoint(), load_checkpoint(), network_checksum(). What counts over all ranks takes all
/// to be like this one.
class Simulation {
 public:
  /// Builds the part of the network that lives on this rank. `threads` from 1 to 1024 OpenMP
  /// threads per rank, the same number on all. The network is copied, the communicator must outlive
  /// the simulation. OutOfMemory on all ranks if it is too large for one.
  Simulation(const Network& network, comm::Communicator& comm, int threads = 1);
  /// The same with replicas. InvalidParameter if their number breaks the rule, or if the samples of
  /// a batch depend on each other: without reset_neurons_on_update, with batches of one sample or
  /// of different sizes, with neurons or readouts of other families than bsshslm_2020, and with
  /// static synapses whose spikes arrive in the next sample.
  Simulation(const Network& network, comm::Communicator& comm, const SimulationOptions& options);
  ~Simulation();
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(Simulation&&) noexcept;

  /// Simulates `steps` >= 0 further steps, up to step 1e15 at most. InvalidParameter if OpenMP does
  /// not grant all threads, on whichever rank; the simulation is as before then. If the threads of
  /// a rank have to share processors, rank 0 warns on stderr, once in a process, unless
  /// comm::launcher_is_ignored().
  void run(Step steps);
  /// The same for a time in ms, >= 0 and a multiple of dt.
  void run_for(double time);
  /// The step that run() would compute next: 0 at first.
  [[nodiscard]] Step step() const;

  /// The weights with which a transmission in the next step would act, on every rank.
  [[nodiscard]] SynapseTable weights(Projection projection);
  /// Sets all weights, in the order of SynapseTable: those that weights() would return are learnt,
  /// and replaced. Optimizers go on, with the moments and the open batches of gradients that they
  /// have. What has happened in the running update interval (bsshslm_2020) still counts at its end.
  void set_weights(Projection projection, std::span<const double> weights);
  /// The same from a matrix, which must have the projection's synapses and no others. Refused where
  /// several synapses connect a pair of neurons.
  void set_weights(Projection projection, const WeightMatrix& weights);
  /// Sets the weights of these projections to those that a file has under their names, of all of
  /// them or, after an error, of none: an output file, as read_weights() takes it, or a checkpoint
  /// of any network, which has what weights() returned then. The synapses must be the same, in
  /// number and from whom to whom; nothing else need be. A projection without synapses needs
  /// nothing. OutputError or CheckpointError if the file cannot be read or lacks a projection,
  /// InvalidParameter, which names the file, if what it has does not fit.
  void load_weights(const std::string& path, std::span<const Projection> projections);
  /// The learning rate from now on. bsshslm_2020: as `from` has it. Plus family: what is due before
  /// the next step still has the rate so far, that is the updates of synapses that transmit in it
  /// and, with optimize_each_step, all steps whose learning signals are known by then. Without it,
  /// a synapse learns from all steps since it transmitted last with the rate in force when it does
  /// so again.
  void set_learning_rate(Projection projection, double eta,
                         RateChange from = RateChange::next_interval);

  /// Further spikes of a SpikeTrains population: times[i] of neuron i in ms, none before the next
  /// step.
  void append_spikes(Population population, const std::vector<std::vector<double>>& times);
  /// The same of spikes as events, which cost least if they come by step, then neuron.
  void append_events(Population population, SpikeEvents events);
  /// Further amplitudes of step rate generators, later than all given before and not before the
  /// next step.
  void append_rates(RateGenerator generator, const StepRates& rates);

  /// Sums up the error of a population of readouts from now on, beginning with the next whole
  /// interval; once for each population. A loaded checkpoint brings what was tracked then. With
  /// replicas, InvalidParameter unless intervals are those of the samples: as long as the update
  /// interval, and with an offset of 4 dt.
  void track_loss(Population readouts, const LossOptions& options);
  /// The intervals completed since the last call; of a population that is tracked.
  [[nodiscard]] std::vector<IntervalLoss> take_losses(Population readouts);

  /// Creates the output file that recordings go to, before any recording; without one they are
  /// kept in memory. OutputError if it cannot be created, if there is a file of that name that is
  /// not to be overwritten, or if another job is writing it. What has been recorded is written now
  /// and then, at the latest some seconds (of wall time) and 4096 steps later; others can read the
  /// file in the meantime, and after the process has been killed.
  void open_output(const std::string& path, OutputOptions options = {});
  /// Recordings begin with the next step at the earliest, whatever their window. Called again for
  /// the same population, records in a further window.
  void record_spikes(Population population, RecordingWindow window = {});
  void record(Population population, const TraceRecording& recording);
  /// Needs an output file. Writes the weights in force as they are: just before Diverged they may
  /// be infinite or NaN.
  void record_weights(Projection projection, WeightRecording recording = {});
  /// Kept in memory, with an output file, too. Spikes that synapses drop are none
  /// (docs/models/eprop_synapse_bsshslm_2020.md).
  void record_transmissions(Projection projection, const TransmissionRecording& recording = {});
  /// From now on the weights with which synapses transmit last are kept: those in force now, or
  /// set later, until they do. For comparison with simulators in which a weight is brought up to
  /// date when its synapse transmits.
  void keep_transmitted_weights(Projection projection);
  /// On rank 0, empty on the others. InvalidParameter if they are not kept.
  [[nodiscard]] SynapseTable transmitted_weights(Projection projection);
  /// A whole dataset of the output file: [n][columns], or 1-D if `columns` is 0, with n as the
  /// number of values has it. In a file that is continued it replaces what is there. Attributes
  /// belong to a dataset or a group, which is created if there is none. All ranks call these
  /// functions, what rank 0 passes is written. They do nothing without an output file. OutputError
  /// if it cannot be written, or if the values are no whole number of rows.
  void write_output(const std::string& dataset, std::span<const double> values,
                    std::size_t columns = 0, const std::string& units = {});
  void write_output(const std::string& dataset, std::span<const std::int64_t> values,
                    std::size_t columns = 0);
  void write_output_attribute(const std::string& object, const std::string& name, double value);
  void write_output_attribute(const std::string& object, const std::string& name,
                              const std::string& value);
  void write_output_attribute(const std::string& object, const std::string& name,
                              const std::vector<std::string>& value);
  /// Appends values to a 1-D dataset of the output file that grows in the course of the run, and is
  /// created by the first call. After continue_output(), what was appended since the checkpoint is
  /// dropped by the first call. Collective as write_output() is.
  void append_output(const std::string& dataset, std::span<const double> values,
                     const std::string& units = {});
  void append_output(const std::string& dataset, std::span<const std::int64_t> values);
  /// Whether some seconds of wall time have passed since the output file was flushed last, on rank
  /// 0, for all; false without an output file. For a program that has something to append.
  [[nodiscard]] bool flush_is_due();
  /// Writes what is recorded so far, for others to read. Nothing without an output file.
  /// OutputError if it cannot be written.
  void flush_output();
  /// Writes what is recorded so far, closes the file and ends all recordings; also done by the
  /// destructor, which reports an error on stderr and, in a job that run_with_mpi() started, by the
  /// exit status. Nothing without an output file. OutputError if it cannot be written.
  void close_output();

  /// What was recorded in memory since the last call for the same population or report, in order
  /// of time and neuron: on rank 0, and no longer kept there; empty on the others, and with an
  /// output file. Costs what is taken, however long the simulation has run.
  [[nodiscard]] Spikes take_spikes(Population population);
  [[nodiscard]] Traces take_traces(const std::string& report);
  /// The same of transmissions, in order of time, source and target; with an output file, too.
  [[nodiscard]] Transmissions take_transmissions(Projection projection);
  /// A recordable variable of all neurons of a population, recorded or not, in order of neurons, on
  /// every rank: after the last step, that is what a recording has at the time step() * dt. Before
  /// the first step the initial state: potentials and adaptation as given, signals and surrogate
  /// gradients zero.
  [[nodiscard]] std::vector<double> state(Population population, const std::string& variable);

  /// Writes a file from which the simulation can be continued, on any number of ranks and threads,
  /// as if it had not stopped. `user_data` is kept with it. The output file must be kept too;
  /// recordings in memory are lost. Only after a multiple of the smallest delay. CheckpointError
  /// if the file cannot be written.
  void save_checkpoint(const std::string& path, const std::string& user_data = {});
  /// Whether step() is such a multiple.
  [[nodiscard]] bool checkpoint_is_possible() const;
  /// Goes to where save_checkpoint() was called and returns its user_data; in step 0, of a
  /// simulation of the same network. Everything must match that acts on what follows and is not in
  /// the file: the options, populations, parameters of neurons, who is connected to whom, weights
  /// of learning signals, delays, optimizers with their batch sizes and bounds. The file brings
  /// weights, learning rates, initial values of neurons, and spikes and amplitudes to come: what
  /// the network says of these does not matter. CheckpointError if the file cannot be read, is
  /// damaged (DamagedCheckpoint) or of another network; nothing has changed then. CheckpointError
  /// also where its checksum is right and its content that of no simulation, as if somebody had
  /// made it up; this simulation can only be destroyed then.
  [[nodiscard]] std::string load_checkpoint(const std::string& path);
  /// A checksum of all that must match.
  [[nodiscard]] std::uint32_t network_checksum();
  /// After load_checkpoint(): opens the output file that was open then, to go on from there; what
  /// has been written to its recordings since is dropped. To be followed by the same calls of
  /// record...() as then. DamagedOutput if the file is gone or damaged: open_output() may be called
  /// instead, for a new file. OutputError if the file may not be written, or if another job is
  /// writing it, unless it is to be overwritten: then that job loses it; and by record...() if what
  /// it holds is not what was recorded then.
  void continue_output(const std::string& path, OutputOptions options = {});

  /// Seconds spent so far in each phase of the loop, on this rank's first thread.
  [[nodiscard]] std::vector<std::pair<std::string, double>> phase_seconds() const;
  /// What this rank has, and has done so far. Spikes and messages are those of exchanges; with
  /// replicas, those of the main one alone.
  [[nodiscard]] RankStatistics statistics() const;
  /// Steps from one exchange of spikes between ranks to the next: the smallest delay of the
  /// network, that of learning signals included; 1 with cross_entropy, whose readouts need each
  /// other's last signals, and where nothing has a delay.
  [[nodiscard]] Step exchange_interval() const;
  /// Number of synapses of a projection, over all ranks.
  [[nodiscard]] std::uint64_t synapse_count(Projection projection);
  /// Of these, how many have a weight, as weights() returns it, that is Wmin or Wmax of their
  /// optimizer.
  [[nodiscard]] std::uint64_t synapses_at_bounds(Projection projection);
  /// Whether any neuron of a population has spiked since the simulation was constructed; a
  /// checkpoint does not tell of before. InvalidParameter unless these are neurons that can.
  [[nodiscard]] bool has_spiked(Population population);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eprop
