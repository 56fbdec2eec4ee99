# Figures of R `survey` for designs of our own, against which the tests of
# `auditlib.estimation` hold it. Needs R with `survey` 4.1 or later:
#
#     Rscript r_survey_more.R          # in this folder; rewrites both tables
#
# The rule `adjust` is asked only where survey 4.1 and 4.5 agree: for means, ratios
# and shares at the first stage (for totals and lower stages 4.1 centres at zero).

suppressMessages(library(survey))
set.seed(20180717)

# The sample: 4 strata, 13 + 1 first-stage units (stratum D has one), second-stage
# strata u and v within units (some with one unit), 1 to 3 rows in each second-stage unit.
units <- data.frame(
  st = rep(c("A", "B", "C", "D"), c(5, 4, 4, 1)),
  psu = sprintf("p%02d", 1:14),
  N1 = rep(c(11, 4, 23, 6), c(5, 4, 4, 1)),
  p1 = round(runif(14, 0.15, 0.9), 3)
)
units$p1[7] <- 1 # certain
units$merged <- ifelse(units$st == "D", "C", units$st)
units$N1m <- ifelse(units$merged == "C", 29, units$N1)
units$again <- ave(seq_len(14), units$st, FUN = seq_along) # numbered afresh in strata
rows <- do.call(rbind, lapply(seq_len(nrow(units)), function(i) {
  u <- units[i, ]
  do.call(rbind, lapply(c("u", "v"), function(s) {
    ssus <- sample(1:4, 1, prob = c(0.25, 0.25, 0.25, 0.25))
    N2 <- ssus + sample(0:9, 1)
    do.call(rbind, lapply(seq_len(ssus), function(j) {
      k <- sample(1:3, 1)
      cbind(u, st2 = s, ssu = paste0(s, j), N2 = N2, p2 = round(runif(1, 0.1, 1), 3),
            row = seq_len(k), N3 = k + sample(0:4, 1), row.names = NULL)
    }))
  }))
}))
n <- nrow(rows)
rows$id <- sprintf("r%03d", seq_len(n))
effect <- rnorm(14)[match(rows$psu, units$psu)]
rows$x <- sample(1:6, n, replace = TRUE)
rows$y <- round(5 + 2 * effect + 0.5 * rows$x + rnorm(n), 3)
rows$b <- rbinom(n, 1, plogis(-1 + effect))
rows$rare <- as.integer(rows$id %in% sample(rows$id, 5))
rows$w <- round(exp(rnorm(n, 2.5, 0.6)), 4)
rows$dom <- sample(c("d1", "d2", "d3"), n, replace = TRUE, prob = c(0.5, 0.3, 0.2))
rows$dom[rows$st == "B" & rows$dom == "d3"] <- "d1" # d3 misses stratum B
rows$dom[rows$st == "A" & rows$dom == "d2" & rows$psu != "p02"] <- "d1" # d2 meets one unit of A
rows$Nrow <- ave(rows$w, rows$merged, FUN = function(w) round(sum(w)))
rows$inf <- Inf
rows$zero <- 0
rows$one <- 1
rows$w0 <- ifelse(seq_len(n) %% 6 == 0, 0, rows$w) # as rows that enter no figure
rows <- rows[order(rows$psu, rows$ssu, rows$row), ]
write.csv(rows, "r_survey_more_data.csv", row.names = FALSE, quote = FALSE)

found <- list()
keep <- function(design, lonely, domain, stat, var, method, level, df, m, ci, deff, n, degf) {
  found[[length(found) + 1]] <<- data.frame(
    design = design, lonely = lonely, in_domains = getOption("survey.adjust.domain.lonely"),
    domain = domain, stat = stat, var = var, method = method, level = level, df = df,
    estimate = as.numeric(coef(m))[1], se = as.numeric(SE(m))[1], low = ci[1], high = ci[2],
    deff = deff, n = n, degf = degf)
}

survey_figures <- function(name, design, stats = c("mean", "total", "ratio", "share"),
                           domains = c("all", "d1", "d2", "d3"), ciprop = FALSE) {
  lonely <- getOption("survey.lonely.psu")
  for (domain in domains) {
    d <- if (domain == "all") design else subset(design, dom == domain)
    n <- sum(weights(d, "sampling") != 0)
    k <- degf(d)
    put <- function(stat, var, m, df = k) keep(
      name, lonely, domain, stat, var, "wald", 0.95, df, m,
      as.numeric(confint(m, df = df)), as.numeric(deff(m))[1], n, k)
    for (stat in stats) suppressWarnings(switch(stat,
      mean = { put("mean", "y", svymean(~y, d, deff = TRUE))
               put("mean", "y", svymean(~y, d, deff = TRUE), df = Inf) },
      total = put("total", "y", svytotal(~y, d, deff = TRUE)),
      ratio = { m <- svyratio(~y, ~x, d, deff = TRUE); put("ratio", "y/x", m) },
      share = put("share", "b", svymean(~b, d, deff = TRUE))))
    if (ciprop) for (var in c("b", "rare")) for (level in c(0.9, 0.95))
      for (method in c("logit", "likelihood", "asin", "beta", "mean", "xlogit")) {
        m <- tryCatch(suppressWarnings(
          svyciprop(as.formula(paste0("~", var)), d, method = method, level = level)),
          error = function(e) NULL)
        if (is.null(m) || anyNA(confint(m))) next
        keep(name, lonely, domain, "share", var, method, level, k, m,
             as.numeric(confint(m)), NA, n, k)
      }
    # A share of 0 or 1: R's iteration stops short, and is followed there too.
    if (ciprop) for (var in c("zero", "one")) for (level in c(0.9, 0.95)) {
      m <- suppressWarnings(svyciprop(as.formula(paste0("~", var)), d, level = level))
      keep(name, lonely, domain, "share", var, "logit", level, k, m,
           as.numeric(confint(m)), NA, n, k)
    }
  }
}

options(survey.lonely.psu = "fail", survey.adjust.domain.lonely = FALSE)
three <- function(...) svydesign(id = ~ psu + ssu + id, strata = ~ merged + st2, data = rows, ...)
two <- function(...) svydesign(id = ~ psu + ssu, strata = ~ merged + st2, data = rows, ...)
one <- function(...) svydesign(id = ~psu, data = rows, ...)
survey_figures("rows", svydesign(id = ~1, strata = ~merged, fpc = ~Nrow, data = rows))
survey_figures("rows-wr", svydesign(id = ~1, weights = ~w, data = rows), ciprop = TRUE)
survey_figures("cluster", one(fpc = ~ rep(61, nrow(rows)), weights = ~w), ciprop = TRUE)
survey_figures("cluster-strata", one(strata = ~merged, fpc = ~N1m, weights = ~w), ciprop = TRUE)
survey_figures("cluster-wr", one(strata = ~merged, weights = ~w))
survey_figures("nested", svydesign(id = ~again, strata = ~st, nest = TRUE, weights = ~w,
                                   data = subset(rows, st != "D")))
survey_figures("zero-weights", one(strata = ~merged, weights = ~w0), ciprop = TRUE)
survey_figures("brewer", one(strata = ~merged, fpc = ~p1, pps = "brewer"), ciprop = TRUE)
survey_figures("brewer-w", one(strata = ~merged, fpc = ~p1, pps = "brewer", weights = ~w0),
               ciprop = TRUE)

for (rule in c("certainty", "remove", "average", "adjust")) {
  options(survey.lonely.psu = rule)
  stats <- if (rule == "adjust") c("mean", "ratio", "share") else c("mean", "total", "ratio", "share")
  for (in_domains in c(FALSE, TRUE)) {
    options(survey.adjust.domain.lonely = in_domains)
    survey_figures("lonely-1", one(strata = ~st, fpc = ~N1, weights = ~w), stats)
    survey_figures("lonely-1-wr", one(strata = ~st, weights = ~w), stats)
  }
  options(survey.adjust.domain.lonely = FALSE)
  if (rule != "average") survey_figures("lonely-1-brewer",
    one(strata = ~st, fpc = ~p1, pps = "brewer"), stats, domains = c("all", "d1"))
  if (rule %in% c("certainty", "remove")) { # at the second and third stage, which have lonely strata
    survey_figures("two", two(fpc = ~ N1m + N2, weights = ~w), ciprop = rule == "certainty")
    survey_figures("three", three(fpc = ~ N1m + N2 + N3))
    survey_figures("three-inf", three(fpc = ~ inf + N2 + N3, weights = ~w))
    survey_figures("brewer-2", two(fpc = ~ p1 + p2, pps = "brewer"))
    survey_figures("brewer-2-plain", svydesign(id = ~ psu + ssu, fpc = ~ p1 + p2, pps = "brewer",
                                               data = rows, weights = ~w))
  }
}
# Average at the second stage needs a stratum with two units in every first-stage unit.
options(survey.lonely.psu = "average")
size <- ave(seq_len(n), rows$psu, rows$st2, FUN = function(i) length(unique(rows$ssu[i])))
fit <- rows[rows$psu %in% names(which(tapply(size, rows$psu, max) > 1)), ]
survey_figures("two-average", svydesign(id = ~ psu + ssu, strata = ~ merged + st2,
                                        fpc = ~ N1m + N2, weights = ~w, data = fit), domains = "all")

found <- do.call(rbind, found)
number <- sapply(found, is.numeric)
found[number] <- lapply(found[number], function(v) ifelse(is.nan(v), NA, v))
found[number] <- lapply(found[number], format, digits = 17, trim = TRUE)
write.csv(found, "r_survey_more.csv", row.names = FALSE, quote = FALSE)
cat(nrow(found), "figures with survey", as.character(packageVersion("survey")), "\n")
