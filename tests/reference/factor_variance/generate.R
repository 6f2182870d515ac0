# Run inside this folder: Rscript generate.R
source("../write.R")
data <- read.csv("../holzinger/data.csv")
model <- "visual =~ NA*x1 + x2 + x3
textual =~ NA*x4 + x5 + x6
speed =~ NA*x7 + x8 + 0.8*x9
visual ~~ 1*visual + 0*speed
textual ~~ 1*textual"
write_fit(model, data)
