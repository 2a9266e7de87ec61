// The fields of `profile:`.
#include <fmt/format.h>

#include <array>

#include "sim/base/text.hpp"
#include "sim/scenario/detail/types.hpp"
#include "sim/scenario/detail/written.hpp"
#include "sim/scenario/detail/written_arrivals.hpp"

namespace longhaul::scenario {

namespace {

using yaml::Bound;
using yaml::Fields;
using yaml::located;
using yaml::Type;

/// "18:30" in hours.
std::optional<double> parse_clock(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto hour = parse_integer(text.substr(0, colon));
  const auto minute = parse_integer(text.substr(colon + 1));
  if (!hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59)
    return std::nullopt;
  return static_cast<double>(*hour) + static_cast<double>(*minute) / 60;
}

Type<double> time_of_day() {
  const std::string expected = "a time of day such as \"20:00\"";
  return yaml::scalar<double>(
      {expected, R"({"type": "string"})", {}}, [expected](std::string_view text) -> Parsed<double> {
        if (const auto hour = parse_clock(text)) return *hour;
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

/// "Mon 18:00" in seconds of the week.
Type<double> time_of_week() {
  static constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu",
                                                        "Fri", "Sat", "Sun"};
  const std::string expected = "a day and a time such as \"Mon 18:00\" (UTC)";
  return yaml::scalar<double>(
      {expected, R"({"type": "string"})", {}}, [expected](std::string_view text) -> Parsed<double> {
        for (std::size_t d = 0; d < days.size(); ++d) {
          if (text.substr(0, 4) != std::string(days[d]) + " ") continue;
          if (const auto hour = parse_clock(text.substr(4)))
            return static_cast<double>(d) * 86'400 + *hour * 3600;
        }
        return ParseError{fmt::format("expected {}, got {}", expected, quote(text))};
      });
}

struct WrittenDiurnal {
  std::optional<yaml::Located<double>> peak;
  std::optional<yaml::Located<double>> trough_share;
  std::optional<yaml::Located<std::vector<double>>> hours;
};

const Fields<WrittenDiurnal>& diurnal_fields() {
  static const Fields<WrittenDiurnal> fields =
      Fields<WrittenDiurnal>("diurnal profile", "The day, by the clock of the sending node.")
          .optional("peak", &WrittenDiurnal::peak, located(time_of_day()),
                    "Local time of the most traffic.", "\"20:00\"")
          .optional("trough_share", &WrittenDiurnal::trough_share, located(yaml::fraction()),
                    "The least traffic, twelve hours apart, as a share of the most.", "30 %")
          .optional("hours", &WrittenDiurnal::hours,
                    located(yaml::list(yaml::fraction(0, 1000), 24, 24)),
                    "Instead: a factor for each full hour from 0:00 to 23:00, local time.")
          .check([](const WrittenDiurnal& day, const yaml::Node&, Diagnostics& diagnostics) {
            if (day.hours && (day.peak || day.trough_share))
              day.hours->where.error(diagnostics,
                                     "`hours`, or `peak` and `trough_share`, not both");
          });
  return fields;
}

struct WrittenCrowd {
  Duration at = Duration::zero();
  Duration rise = Duration::zero();
  Duration hold = Duration::zero();
  Duration fall = Duration::zero();
  double factor = 1;
};

const Fields<WrittenCrowd>& crowd_fields() {
  static const Fields<WrittenCrowd> fields =
      Fields<WrittenCrowd>("flash crowd", "Traffic that grows for a time.")
          .required("at", &WrittenCrowd::at, clock_time(Bound::not_negative),
                    "When it begins, from the start of the run, warm-up included.")
          .optional("rise", &WrittenCrowd::rise, clock_time(Bound::not_negative),
                    "Until all are there.", "0 s")
          .required("hold", &WrittenCrowd::hold, clock_time(Bound::not_negative),
                    "While they stay.")
          .optional("fall", &WrittenCrowd::fall, clock_time(Bound::not_negative),
                    "Until all have gone.", "0 s")
          .required("factor", &WrittenCrowd::factor, yaml::number(0, 1e6),
                    "On the rate while it holds.")
          .check([](const WrittenCrowd& c, const yaml::Node& node, Diagnostics& diagnostics) {
            const double whole =
                c.at.seconds() + c.rise.seconds() + c.hold.seconds() + c.fall.seconds();
            if (whole > longest_run.seconds())
              node.where.error(diagnostics, "this ends after the 106 days that a run can last");
          });
  return fields;
}

struct WrittenProfile {
  std::optional<WrittenDiurnal> diurnal;
  std::optional<double> weekend;
  double growth = 0;
  std::vector<WrittenCrowd> crowds;
  double start_s = 0;
  double speed = 1;
};

const Fields<WrittenProfile>& profile_fields() {
  static const Fields<WrittenProfile> fields =
      Fields<WrittenProfile>("profile", "How a rate changes over time; what is given multiplies.")
          .optional("diurnal", &WrittenProfile::diurnal, yaml::object(diurnal_fields()),
                    "The day; 1 at the peak.")
          .optional("weekend", &WrittenProfile::weekend, yaml::fraction(0, 1000),
                    "Saturdays and Sundays, local time, as a share of other days.")
          .optional("growth", &WrittenProfile::growth, yaml::fraction(-0.99, 1000),
                    "A year, from the start of the run on.", "0 %")
          .optional("flash_crowd", &WrittenProfile::crowds,
                    yaml::one_or_list(yaml::object(crowd_fields())),
                    "One or more; in simulated time.")
          .optional("start", &WrittenProfile::start_s, time_of_week(),
                    "UTC at the start of the run.", "\"Mon 00:00\"")
          .optional("speed", &WrittenProfile::speed, yaml::number(1e-6, 31'536'000),
                    "Seconds of day, week and year that pass in one simulated second.", "1");
  return fields;
}

}  // namespace

Type<Profile> profile() {
  Type<WrittenProfile> written = yaml::object(profile_fields());
  yaml::TypeDoc doc = written.doc;
  return {std::move(doc),
          [read = std::move(written.read)](const yaml::Node& node,
                                           Diagnostics& diagnostics) -> std::optional<Profile> {
            const auto w = read(node, diagnostics);
            if (!w) return std::nullopt;
            Profile out;
            out.start_s = w->start_s;
            out.speed = w->speed;
            out.weekend = w->weekend;
            out.growth = w->growth;
            if (w->diurnal) {
              out.diurnal.emplace();
              if (w->diurnal->peak) out.diurnal->peak_hour = w->diurnal->peak->value;
              if (w->diurnal->trough_share) out.diurnal->trough = w->diurnal->trough_share->value;
              if (w->diurnal->hours) out.diurnal->hours = w->diurnal->hours->value;
            }
            for (const WrittenCrowd& c : w->crowds)
              out.crowds.push_back({c.at, c.rise, c.hold, c.fall, c.factor});
            return out;
          }};
}

}  // namespace longhaul::scenario
